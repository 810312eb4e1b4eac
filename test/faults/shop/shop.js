/* The script that a shop would have of its own: it asks its API, and asks Okta about the user. */
const client = () => document.querySelector('okta-config').client;

async function say(id, work) {
  const output = document.getElementById(id);
  output.textContent = '';
  try {
    output.textContent = await work();
  } catch ({ code, message }) {
    output.textContent = code;
    window.report({ at: Date.now(), type: 'rejection', code, message });
  }
}

document.getElementById('load-orders').addEventListener('click', () => {
  void say('orders', async () => `orders: ${(await client().fetch('/api/orders')).status}`);
});

document.getElementById('load-profile').addEventListener('click', () => {
  void say('profile', async () => `hello ${(await client().getUserInfo()).name}`);
});
