/**
 * Keeps the document loading until the answer releases it. A form that is sent before the load event takes this page's
 * place in the tab's history; sent later, Back would lead to this page.
 */
export function holdLoad(document: Document): () => void {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  document.body.append(frame);
  const inner = frame.contentDocument;
  inner?.open();
  return () => {
    inner?.close();
    frame.remove();
  };
}
