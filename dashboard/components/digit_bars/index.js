// How many pictures of each class: ten bars with their numbers, which a screen reader reads as a list.

function made(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

export default function ({ data, parentElement }) {
  const list = parentElement.querySelector(".digit-bars");
  const colours = getComputedStyle(list).getPropertyValue("--st-chart-categorical-colors");
  list.style.setProperty("--colour", colours.split(/,(?![^(]*\))/)[1].trim());
  list.setAttribute("aria-label", data.title);
  const most = Math.max(1, ...data.counts);
  list.replaceChildren(
    ...data.counts.map((count, digit) => {
      const item = made("li", "");
      const column = made("div", "column");
      const bar = column.appendChild(made("div", "bar"));
      bar.style.setProperty("--share", `${(100 * count) / most}%`);
      item.append(column, made("span", "digit", String(digit)), made("span", "count", String(count)));
      item.setAttribute("aria-label", `Digit ${digit}: ${count} pictures`);
      return item;
    }),
  );
}
