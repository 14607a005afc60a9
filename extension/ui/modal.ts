import { h, type VNode, type VNodeChildElement } from "snabbdom";

/** A question before everything else; the element `<id>-title` inside names it. Escape is `leave`. */
export function modal(id: string, leave: () => void, children: VNodeChildElement[]): VNode {
  return h(
    "dialog.question",
    {
      key: id,
      attrs: { "aria-labelledby": `${id}-title`, role: "alertdialog" },
      on: {
        cancel: (event) => {
          event.preventDefault();
          leave();
        },
      },
      hook: {
        insert: ({ elm }) => {
          if (elm instanceof HTMLDialogElement) elm.showModal();
        },
      },
    },
    children,
  );
}
