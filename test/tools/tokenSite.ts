import { createServer } from "node:http";

export interface TokenSite {
  origin: string;
  close(): Promise<void>;
}

/** The token that the site's one user has, until it is changed for another. */
export const token = "tOkEn-0123456789";

/**
 * A site without cookies. Its page keeps its user and token as Firebase's client does, in a database of a store with keys of its own
 * values, and a theme in localStorage; what it shows, the server has answered to the token. A token can be changed for another once,
 * as a refresh token is: from then on only the new one is good.
 */
export async function startTokenSite(): Promise<TokenSite> {
  let good = token;
  let changes = 0;
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${good}`;
    if (request.url === "/me") {
      response.writeHead(isKnown ? 200 : 401, { "content-type": "text/plain" }).end(isKnown ? "ada" : "nobody");
    } else if (request.url === "/rotate") {
      if (isKnown) good = `${token}-${++changes}`;
      response.writeHead(isKnown ? 200 : 401, { "content-type": "text/plain" }).end(isKnown ? good : "");
    } else {
      response.writeHead(200, { "content-type": "text/html" }).end(page);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The site has no port.");
  return {
    origin: `http://localhost:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const page = `<!doctype html><html><head><script>document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "none";</script></head>
<body><script type="module">
const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
const opening = indexedDB.open("firebaseLocalStorageDb", 1);
opening.onupgradeneeded = () => opening.result.createObjectStore("firebaseLocalStorage", { keyPath: "fbase_key" });
const db = await done(opening);
const key = "firebase:authUser:key:[DEFAULT]";
const store = (mode) => db.transaction("firebaseLocalStorage", mode).objectStore("firebaseLocalStorage");
globalThis.logIn = async (token) => {
  const user = { uid: "1", stsTokenManager: { accessToken: token, expirationTime: 1900000000000 }, createdAt: new Date(0), providers: [undefined, null, NaN] };
  await done(store("readwrite").put({ fbase_key: key, value: user }));
  localStorage.theme ??= "dark";
};
const ask = async (path) => {
  const bearer = (await done(store("readonly").get(key)))?.value.stsTokenManager.accessToken;
  return (await fetch(path, { headers: bearer === undefined ? {} : { authorization: "Bearer " + bearer } })).text();
};
globalThis.whoAmI = () => ask("/me");
globalThis.rotate = async () => logIn(await ask("/rotate"));
document.body.dataset.user = await whoAmI();
</script></body></html>`;
