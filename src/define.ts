// The configuration first: elements that upgrade after it know at once who is signed in.
import './define/okta-config.js';
import './define/okta-guard.js';
import './define/okta-signin.js';
import './define/okta-signout.js';
import './define/okta-user.js';
import './define/okta-callback.js';
