/** The script of the hosted sign-in page. It starts the widget with the settings the page carries. */
export const SIGN_IN_SCRIPT = `(function () {
  'use strict';
  var settings = JSON.parse(document.getElementById('settings').textContent);
  var place = document.getElementById('sign-in');

  function fail() {
    place.innerHTML = '';
    var message = document.createElement('p');
    message.className = 'loading';
    message.setAttribute('role', 'alert');
    message.textContent = 'The sign-in form cannot be shown. Reload the page to try again.';
    place.append(message);
  }

  if (typeof window.OktaSignIn !== 'function') return fail();
  place.textContent = '';

  var widget = new window.OktaSignIn(settings.widget);
  widget.on('afterRender', function () {
    var heading = place.querySelector('[data-se="o-form-head"], h1, h2');
    if (heading && heading.textContent.trim()) document.title = heading.textContent.trim() + ' · ' + settings.brand;
  });
  widget.renderEl(
    { el: '#sign-in' },
    function () {},
    function (error) {
      console.error(error);
      if (!place.childElementCount) fail();
    },
  );
})();
`;
