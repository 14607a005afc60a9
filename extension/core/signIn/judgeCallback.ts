import type { ProjectId } from "../../../shared/models.ts";
import type { PageRequest } from "../routing/pageRequest.ts";
import { compareIssuer } from "./compareIssuer.ts";
import type { SignInCallback } from "./signInCallback.ts";
import { acceptedFor, askedFor, isKept, type SignInRecord } from "./signInRecord.ts";
import type { SignInVerdict } from "./signInVerdict.ts";

/** What is known when a callback has come. */
export interface CallbackCase {
  request: Pick<PageRequest, "url" | "method" | "cookieStoreId" | "project" | "at">;
  callback: SignInCallback;
  /** The salted hash of its state; undefined without one. */
  state: string | undefined;
  records: readonly SignInRecord[];
  /** The tab was opened by another one, which may be waiting for a message. */
  hasOpener: boolean;
  /** Rules give the address to several projects. */
  isShared: boolean;
}

/** The verdict, and the record whose one use this is: it has to be noted before the verdict is performed. */
export interface CallbackJudgement {
  verdict: SignInVerdict;
  use?: SignInRecord;
}

/** The table of cases (docs/security.md, sign-in flows). */
export function judgeCallback(given: CallbackCase): CallbackJudgement {
  const { request, callback, state, records } = given;
  const kept = records.filter((record) => isKept(record, request.at));
  const isRedirect = kept.some(({ redirect }) => redirect === callback.address);
  const known = isRedirect && state !== undefined ? kept.filter((record) => record.state === state) : [];

  const home = known.filter(({ container }) => container === request.cookieStoreId);
  if (home.length > 0) {
    const own = home.find(({ redirect, used }) => redirect === callback.address && used === null);
    return { verdict: stay, ...(own && { use: own }) };
  }

  const inTime = known.filter(({ at, used }) => used !== null || request.at - at <= acceptedFor);
  const record = inTime.find(({ redirect }) => redirect === callback.address) ?? inTime[0];
  if (record === undefined) return judgeUnknown(given);

  const { project } = record;
  const issuer = compareIssuer(callback.issuer, record);
  if (record.redirect !== callback.address || issuer === "contradicts") {
    return page({ kind: "signInMismatch", host: callback.host, project, here: request.project ?? null });
  }
  const isElsewhereToo = inTime.some(({ container }) => container !== record.container);
  if (record.used !== null && !isElsewhereToo) return page({ kind: "signInUsed", host: callback.host, project });
  if (given.hasOpener) return { verdict: { kind: "notice", notice: { kind: "popupLeft", host: callback.host, project } } };
  if (isElsewhereToo || record.short || issuer === "unsure") return ask(given, inTime.map((one) => one.project));
  return { verdict: { kind: "move", project }, use: record };
}

/** No flow that is known, or one that is over: never moved because it looks right. */
function judgeUnknown(given: CallbackCase): CallbackJudgement {
  const { request, callback, records, isShared, state } = given;
  const weak = records.filter(
    (record) =>
      record.state === null &&
      record.used === null &&
      request.at - record.at < askedFor &&
      // A pushed request shows neither address nor state: the page that began the flow stands for the address.
      (record.redirect === null ? record.page === callback.origin : record.redirect === callback.address && state === undefined),
  );
  const home = weak.find(({ container }) => container === request.cookieStoreId);
  if (home !== undefined) return { verdict: stay, use: home };
  const [only] = weak;
  if (only !== undefined && weak.length === 1 && !given.hasOpener) return ask(given, [only.project]);
  // Without a state it is nobody's answer: a page that happens to have a parameter of that name.
  return { verdict: state !== undefined && (request.method === "POST" || isShared) ? stay : none };
}

function ask({ request, callback }: CallbackCase, projects: readonly ProjectId[]): CallbackJudgement {
  const [project] = projects;
  // The answer would open the address without the form.
  if (request.method === "POST" && project !== undefined) {
    return { verdict: { kind: "notice", notice: { kind: "postLeft", host: callback.host, project } } };
  }
  return page({ kind: "choose", url: request.url, why: "signIn", projects: [...new Set(projects)], pattern: null });
}

function page(content: Extract<SignInVerdict, { kind: "page" }>["content"]): CallbackJudgement {
  return { verdict: { kind: "page", content } };
}

const none: SignInVerdict = { kind: "none" };
const stay: SignInVerdict = { kind: "stay" };
