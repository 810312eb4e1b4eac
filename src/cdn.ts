/** What a page loads with one script tag: every element, and what pages with scripts of their own need. */
import './define.js';

export { OktaElementsError } from './errors.js';
export { configure, getClient } from './session/registry.js';
