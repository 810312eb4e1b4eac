// Sends the delivery address to the shop's server, with the access token of whoever is signed in.
document.addEventListener('submit', async (event) => {
  const form = event.target.closest('#address');
  if (!form) return;
  event.preventDefault();
  const said = form.querySelector('output');
  const button = form.querySelector('button');
  button.disabled = true;
  said.textContent = '';
  try {
    const response = await document.querySelector('okta-config').client.fetch('/api/address', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    // A 401 that asks for more proof also reaches the page as `okta-step-up-required`.
    said.textContent = response.ok ? 'Saved. That is where your boxes go.' : await response.text();
  } catch (error) {
    said.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});
