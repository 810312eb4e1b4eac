const signIn = document.getElementById('sign-in');
document.getElementById('choice').addEventListener('change', (event) => {
  signIn.setAttribute('mode', event.target.value);
});
