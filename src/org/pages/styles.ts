/** Styles of the org's own pages: home, mailbox, users, errors. */
export const PAGE_STYLES = `:root {
  color-scheme: light dark;
  --ink: #1d2333;
  --quiet: #5b6478;
  --paper: #f4f5f9;
  --card: #ffffff;
  --line: #dfe3ec;
  --link: #1b4dd8;
  --accent: #1b4dd8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ebf4;
    --quiet: #a3acc2;
    --paper: #12151f;
    --card: #1b202d;
    --line: #30374a;
    --link: #9db5ff;
    --accent: #6f8fff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: clamp(1rem, 4vw, 3rem);
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
  overflow-wrap: anywhere;
}
main { max-width: 56rem; margin: 0 auto; }
.narrow { max-width: 34rem; margin-block: 8vh; }
.card { padding: clamp(1.25rem, 4vw, 2.25rem); background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.card + .card { margin-top: 1.25rem; }
h1 { margin: 0 0 .5rem; font-size: clamp(1.5rem, 5vw, 2rem); line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 0 0 .75rem; font-size: 1.15rem; }
p { margin: 0 0 1rem; }
p:last-child { margin-bottom: 0; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.quiet { color: var(--quiet); }
.eyebrow { margin: 0 0 .25rem; color: var(--quiet); font-size: .85rem; font-weight: 600; letter-spacing: .04em; }
.warning { padding: .75rem 1rem; border-inline-start: 4px solid #d9860f; background: color-mix(in srgb, #d9860f 12%, transparent); border-radius: 6px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; overflow-wrap: normal; }
th, td { padding: .55rem .75rem .55rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th { color: var(--quiet); font-size: .85rem; font-weight: 600; }
tr:last-child td { border-bottom: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: 0; padding: 0; list-style: none; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .4rem 1.25rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .5rem; } }
`;

/** Styles around the widget on the hosted sign-in page. The widget brings its own. */
export const SIGN_IN_STYLES = `* { box-sizing: border-box; }
html { height: 100%; }
body {
  position: relative;
  display: grid;
  grid-template-rows: 1fr auto;
  min-height: 100%;
  margin: 0;
  background: var(--brand-background) var(--brand-image, none) center / cover no-repeat fixed;
  color: #1d2333;
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
}
.band {
  position: absolute;
  inset: 0 0 auto;
  height: 6px;
  background: var(--brand-primary);
}
.page {
  width: 100%;
  max-width: 27.5rem;
  margin: 0 auto;
  padding: clamp(1.5rem, 8vh, 5rem) 1rem 1.5rem;
}
.wordmark {
  margin: 0 0 .75rem;
  color: var(--brand-primary);
  font-size: 2rem;
  font-weight: 700;
  letter-spacing: -.02em;
  text-align: center;
}
.to { margin: -.5rem 0 .75rem; color: #4a5268; font-size: .9rem; text-align: center; }
.loading {
  margin: 0;
  padding: 3rem 1rem;
  border-radius: 12px;
  background: #fff;
  color: #4a5268;
  text-align: center;
}
#sign-in { min-height: 20rem; }
.generation-2 #sign-in #okta-sign-in {
  width: auto;
  min-width: 0;
  margin: 0;
  border: 1px solid #dfe3ec;
  border-radius: 12px;
  box-shadow: 0 1px 2px rgb(29 35 51 / 6%), 0 12px 32px rgb(29 35 51 / 8%);
}
.generation-2 #okta-sign-in.no-beacon .okta-sign-in-header { padding-block: 1rem 0; border-bottom: 0; }
.generation-2 #okta-sign-in .auth-content a[data-se='enroll'] { color: var(--brand-primary); }
.generation-3 #okta-sign-in [data-se~='okta-sign-in-header']:not(:has(img, svg)) { display: none; }
.generation-3 #okta-sign-in .MuiScopedCssBaseline-root > .MuiBox-root { margin-block-start: 0; }
footer { padding: 1rem; color: #4a5268; font-size: .8rem; text-align: center; }
footer p { display: inline-block; margin: 0; padding: .25rem .75rem; border-radius: 999px; background: rgb(255 255 255 / 75%); }
footer a { color: inherit; }
`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1b4dd8"/><circle cx="16" cy="16" r="7" fill="none" stroke="#fff" stroke-width="5"/></svg>`;
