import { h, type VNode } from "snabbdom";
import type { Project, ProjectId } from "../../../shared/models.ts";
import type { PageContent, PageState } from "../../../shared/protocol/page.ts";
import { shownAddress } from "../../core/page/shownAddress.ts";
import { button, disc } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { addressView } from "./addressView.ts";
import type { Send } from "./send.ts";

type NoticeContent = Exclude<PageContent, { kind: "choose" }>;

/** Explains in two sentences what happened and what to do, with a button for each. */
export function noticeView(content: NoticeContent, { projects }: PageState, send: Send): VNode[] {
  const name = (id: ProjectId): string => isolated(projects.find((project) => project.id === id)?.name ?? text("pageGoneProject"));
  const known = (ids: readonly ProjectId[]): Project[] => ids.flatMap((id) => projects.find((project) => project.id === id) ?? []);
  switch (content.kind) {
    case "loop":
      return notice(text("pageLoopTitle"), content.url, text("pageLoopText", listed(content.projects.map(name))), openers(known(content.projects), send), send);
    case "contested":
      return notice(
        text("pageContestedTitle", name(content.project)),
        content.url,
        text("pageContestedText", name(content.project)),
        openers(known([content.project]), send),
        send,
      );
    case "signInUsed":
      return notice(text("pageUsedTitle"), undefined, text("pageUsedText", isolated(content.host), name(content.project)), [], send);
    case "signInMismatch":
      return notice(
        text("pageMismatchTitle"),
        undefined,
        content.here === null
          ? text("pageMismatchText", isolated(content.host), name(content.project))
          : text("pageMismatchHereText", isolated(content.host), name(content.here), name(content.project)),
        [],
        send,
      );
  }
}

function notice(title: string, url: string | undefined, explanation: string, openers: VNode[], send: Send): VNode[] {
  const shown = url === undefined ? undefined : shownAddress(url);
  return [
    h("h1", title),
    ...(shown === undefined ? [] : [addressView(shown)]),
    h("p", explanation),
    ...(openers.length === 0 ? [] : [h("div.openers", openers)]),
    h("div.buttons", [
      openers.length === 0 ? undefined : button(".quiet", text("pageEditRules"), () => send({ kind: "rules" })),
      button(openers.length === 0 ? ".primary" : ".quiet", text("pageClose"), () => send({ kind: "close" }), openers.length === 0 ? { "data-begin": true } : {}),
    ]),
  ];
}

function openers(projects: readonly Project[], send: Send): VNode[] {
  return [
    ...projects.map(({ id, name, color }, at) =>
      opener([disc(name, color), h("span", text("pageOpenIn", isolated(name)))], at === 0, () => send({ kind: "open", project: id })),
    ),
    opener([h("span", text("pageOpenWithout"))], projects.length === 0, () => send({ kind: "open", project: null })),
  ];
}

function opener(label: VNode[], begin: boolean, click: () => void): VNode {
  return button(".opener", label, click, begin ? { "data-begin": true } : {});
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat(text("localeTag"), { type: "conjunction" }).format(names);
}

/** A name in a sentence keeps its own direction (Unicode's first strong isolate). */
function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
