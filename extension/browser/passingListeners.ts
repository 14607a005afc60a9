import { webext } from "./webext.ts";

type BeforeSendHeaders = (details: browser.webRequest._OnBeforeSendHeadersDetails) => browser.webRequest.BlockingResponse | Promise<browser.webRequest.BlockingResponse>;

const pages: browser.webRequest.RequestFilter = { urls: ["<all_urls>"], types: ["main_frame"] };

/** Looks at the headers of page requests, and at how they end, only while there is something to look for: every page waits for it. */
export class PassingListeners {
  readonly #onHeaders: BeforeSendHeaders;
  readonly #onCompleted: (details: { requestId: string }) => void;
  readonly #onError: (details: { requestId: string }) => void;
  #isOn = false;

  constructor(onHeaders: BeforeSendHeaders, onCompleted: (requestId: string) => void, onError: (requestId: string) => void) {
    this.#onHeaders = onHeaders;
    this.#onCompleted = ({ requestId }) => onCompleted(requestId);
    this.#onError = ({ requestId }) => onError(requestId);
  }

  /** Answers when Firefox has them; what is asked of it after this call is done after that in any case. */
  async on(): Promise<void> {
    if (!this.#isOn) {
      this.#isOn = true;
      const { onBeforeSendHeaders, onCompleted, onErrorOccurred } = webext.webRequest;
      onBeforeSendHeaders.addListener(this.#onHeaders, pages, ["blocking", "requestHeaders"]);
      onCompleted.addListener(this.#onCompleted, pages);
      onErrorOccurred.addListener(this.#onError, pages);
    }
    await webext.runtime.getPlatformInfo();
  }

  off(): void {
    if (!this.#isOn) return;
    this.#isOn = false;
    const { onBeforeSendHeaders, onCompleted, onErrorOccurred } = webext.webRequest;
    onBeforeSendHeaders.removeListener(this.#onHeaders);
    onCompleted.removeListener(this.#onCompleted);
    onErrorOccurred.removeListener(this.#onError);
  }
}
