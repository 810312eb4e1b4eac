/** What a page loads with one script tag: every element, and the exports for pages with scripts of their own. */
import './define.js';

export * from './index.js';
