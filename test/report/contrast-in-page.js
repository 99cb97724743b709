// The contrast of every text with what is behind it, each pair of colours once.
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    if (canvas === null) return [0, 0, 0, 0];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a];
  };
  const light = ([r, g, b]) => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map((part = 0) =>
      part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return "white";
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    if (
      element === null ||
      text === "" ||
      element.closest(".unseen, .jump") !== null ||
      element.getClientRects().length === 0
    )
      continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const [one, other] = [light(rgba(style.color)), light(rgba(ground))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    found.set(`${style.color} ${ground} ${large}`, {
      ratio: Math.round(ratio * 100) / 100,
      needed: large ? 3 : 4.5,
      sample: text.slice(0, 40),
    });
  }
  return [...found.values()];
})();
