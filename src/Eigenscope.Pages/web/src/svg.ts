const svgNamespace = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | number>;

/** An element of a drawing, with numbers in hundredths of a dot. */
export function node(name: string, attributes: Attributes, text?: string): SVGElement {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(typeof value === "number" ? Math.round(value * 100) / 100 : value));
  if (text !== undefined) element.textContent = text;
  return element;
}
