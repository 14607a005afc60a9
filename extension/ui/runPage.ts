import { attributesModule, classModule, eventListenersModule, init, propsModule, styleModule, type VNode } from "snabbdom";

export interface PageParts<Model, Event, Effect> {
  first: Model;
  update: (model: Model, event: Event) => readonly [Model, readonly Effect[]];
  view: (model: Model, send: (event: Event) => void) => VNode;
  /** Does what an update asked for; the page is drawn by then. */
  act: (effect: Effect, send: (event: Event) => void) => void;
}

/** Draws a page at once in the place of `root`, and from then on turns events into models, drawings and effects. */
export function runPage<Model, Event, Effect>(root: Element, { first, update, view, act }: PageParts<Model, Event, Effect>): (event: Event) => void {
  const patch = init([attributesModule, classModule, propsModule, styleModule, eventListenersModule]);
  const waiting: Event[] = [];
  let busy = false;
  let model = first;
  let drawn = patch(root, view(model, send));
  return send;

  /** Drawing may itself raise events: a field that goes loses its focus. They come after it. */
  function send(event: Event): void {
    waiting.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) take(next);
    } finally {
      busy = false;
    }
  }

  function take(event: Event): void {
    const [next, effects] = update(model, event);
    if (next !== model) {
      model = next;
      const focused = document.activeElement;
      drawn = patch(drawn, view(model, send));
      // An element that was moved in the document has lost the focus on its way.
      if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
    }
    for (const effect of effects) act(effect, send);
  }
}

/** Gives the focus to the element with this id, where there is one. */
export function focusOn(id: string, select = false): void {
  const element = document.getElementById(id);
  if (!element) return;
  if (element !== document.activeElement) element.focus();
  if (select && element instanceof HTMLInputElement) element.select();
}

/** Without the permission to write, the text can still be selected and copied by hand. */
export function copyText(text: string): void {
  navigator.clipboard.writeText(text).catch(() => undefined);
}
