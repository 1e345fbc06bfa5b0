import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerProtocol, notificationsProtocol, tokenOfProtocols } from "./notification-socket.ts";

test("[AP58] the token that a browser offers as a subprotocol is found, and nothing else is taken for one", () => {
  const offered = [notificationsProtocol, bearerProtocol("v1.abc-_.123")].join(", ");
  assert.equal(tokenOfProtocols(offered), "v1.abc-_.123");
  assert.equal(tokenOfProtocols(notificationsProtocol), undefined);
  assert.equal(tokenOfProtocols(undefined), undefined);
});
