import { h, type VNode } from "snabbdom";
import type { Project, ProjectId } from "../../../shared/models.ts";
import type { PageContent, PageState } from "../../../shared/protocol/page.ts";
import { shownAddress } from "../../core/page/shownAddress.ts";
import { button, disc, named, woven } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { addressView } from "./addressView.ts";
import { noDisc } from "./noDisc.ts";
import type { Send } from "./send.ts";

type NoticeContent = Exclude<PageContent, { kind: "choose" }>;

/** What is said, the page it is about, and the projects it can be opened in. */
interface Explained {
  title: (string | VNode)[];
  text: (string | VNode)[];
  page?: { url: string; projects: readonly ProjectId[] };
}

/** Explains in two sentences what happened and what to do, with a button for each. */
export function noticeView(content: NoticeContent, { projects }: PageState, send: Send): VNode[] {
  const { title, text: words, page } = explained(content, projects);
  const shown = page && shownAddress(page.url);
  const heading = h("h1", title);
  const close = (kind: string, attrs?: Record<string, boolean>) => button(kind, text("pageClose"), () => send({ kind: "close" }), attrs);
  if (page === undefined) return [heading, h("p", words), h("div.buttons", [close(".primary", { "data-begin": true })])];
  return [
    heading,
    ...(shown === undefined ? [] : [addressView(shown)]),
    h("p", words),
    h("div.openers", openers(page.projects.flatMap((id) => projects.find((project) => project.id === id) ?? []), send)),
    h("div.buttons", [button(".quiet", text("pageEditRules"), () => send({ kind: "rules" })), close(".quiet")]),
  ];
}

function explained(content: NoticeContent, projects: readonly Project[]): Explained {
  const name = (id: ProjectId): VNode => h("bdi", projects.find((project) => project.id === id)?.name ?? text("pageGoneProject"));
  const host = (host: string): VNode => h("bdi", { attrs: { translate: "no" } }, host);
  switch (content.kind) {
    case "loop":
      return { title: [text("pageLoopTitle")], text: woven("pageLoopText", listed(content.projects.map(name))), page: content };
    case "contested":
      return {
        title: woven("pageContestedTitle", name(content.project)),
        text: woven("pageContestedText", name(content.project)),
        page: { url: content.url, projects: [content.project] },
      };
    case "signInUsed":
      return { title: [text("pageUsedTitle")], text: woven("pageUsedText", host(content.host), name(content.project)) };
    case "signInMismatch":
      return {
        title: [text("pageMismatchTitle")],
        text:
          content.here === null
            ? woven("pageMismatchText", host(content.host), name(content.project))
            : woven("pageMismatchHereText", host(content.host), name(content.here), name(content.project)),
      };
  }
}

function openers(projects: readonly Project[], send: Send): VNode[] {
  const open = (label: VNode[], project: ProjectId | null, begin: boolean) =>
    button(".opener", label, () => send({ kind: "open", project }), begin ? { "data-begin": true } : {});
  return [
    ...projects.map(({ id, name, color }, at) => open([disc(name, color), h("span", named("pageOpenIn", name))], id, at === 0)),
    open([noDisc(), h("span", text("pageOpenWithout"))], null, projects.length === 0),
  ];
}

/** "one, two and three", as the language has it. */
function listed(names: readonly VNode[]): VNode {
  const parts = new Intl.ListFormat(text("localeTag"), { type: "conjunction" }).formatToParts(names.map((_, at) => String(at)));
  return h("span", parts.map(({ type, value }) => (type === "element" ? names[Number(value)] : value)));
}
