import type { PostOrder } from "../../shared/protocol/post.ts";

/** Sends the fields as the first form would have. */
export function submitForm(document: Document, { action, encoding, fields }: Extract<PostOrder, { kind: "send" }>): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.enctype = encoding;
  form.acceptCharset = "utf-8";
  for (const [name, value] of fields) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  form.hidden = true;
  document.body.append(form);
  // A field may be named `submit`.
  HTMLFormElement.prototype.submit.call(form);
}
