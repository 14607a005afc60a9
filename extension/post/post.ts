import * as z from "zod/mini";
import { PostOrder, type PostRequest } from "../../shared/protocol/post.ts";
import { webext } from "../browser/webext.ts";
import { text } from "../ui/text.ts";
import { holdLoad } from "./holdLoad.ts";
import { submitForm } from "./submitForm.ts";

// The page's content security policy forbids eval.
z.config({ jitless: true });

document.documentElement.lang = text("localeTag");
document.documentElement.dir = text("textDirection");
document.title = text("extName");

const release = holdLoad(document);
const request: PostRequest = { take: location.hash.slice(1) };
const order = PostOrder.safeParse(await webext.runtime.sendMessage(request).catch(() => undefined));
if (order.success && order.data.kind === "send") {
  submitForm(document, order.data);
} else {
  release();
  sayLost();
}

/** Never an empty form in its place. */
function sayLost(): void {
  const heading = document.createElement("h1");
  heading.textContent = text("postLostTitle");
  const paragraph = document.createElement("p");
  paragraph.textContent = text("postLostText");
  document.title = text("postLostTitle");
  document.querySelector("main")?.append(heading, paragraph);
}
