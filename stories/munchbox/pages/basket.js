// The basket: how many of each box, in localStorage. Signing in needs no script of the shop's.
const KEY = 'munchbox-basket';
const MOST = 9;
const buttons = [...document.querySelectorAll('[data-add]')];
const lines = [...document.querySelectorAll('[data-line]')];
const find = (name) => document.querySelector(`[data-${name}]`);

function read() {
  try {
    const stored = Object.entries(JSON.parse(localStorage.getItem(KEY)) ?? {});
    return new Map(stored.filter(([, count]) => Number.isInteger(count) && count > 0 && count <= MOST));
  } catch {
    return new Map();
  }
}

function change(id, step) {
  const basket = read();
  const count = Math.min(MOST, (basket.get(id) ?? 0) + step);
  if (count > 0) basket.set(id, count);
  else basket.delete(id);
  localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(basket)));
  show();
}

function show() {
  const basket = read();
  const boxes = [...basket.values()].reduce((sum, count) => sum + count, 0);
  find('basket-count').textContent = boxes;
  for (const button of buttons) {
    const count = basket.get(button.dataset.add);
    if (count) button.dataset.count = count;
    else delete button.dataset.count;
  }
  if (!find('basket')) return;
  let total = 0;
  for (const line of lines) {
    const count = basket.get(line.dataset.line) ?? 0;
    const price = count * Number(line.dataset.price);
    line.hidden = count === 0;
    line.querySelector('[data-quantity]').textContent = count;
    line.querySelector('[data-line-total]').textContent = `$${price}`;
    total += price;
  }
  find('total').textContent = `$${total}`;
  find('empty').hidden = total > 0;
  find('checkout').hidden = total === 0;
}

for (const button of buttons) button.addEventListener('click', () => change(button.dataset.add, 1));
for (const line of lines) {
  line.addEventListener('click', ({ target }) => {
    if (target.dataset.step) change(line.dataset.line, Number(target.dataset.step));
    if (line.hidden) document.querySelector('main').focus();
  });
}
find('order')?.addEventListener('submit', () => localStorage.removeItem(KEY));
addEventListener('storage', show);
addEventListener('pageshow', show);
show();
