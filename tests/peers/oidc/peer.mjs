// oidc-provider dressed as Pro Santé Connect: its claims, eidas1, two-minute tokens, sign-in without a screen.
// node peer.mjs USERINFO.json CLIENT.json : prints the issuer on one line once it listens on loopback.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const userinfo = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const client = JSON.parse(process.argv[3]);
const CIBA = 'urn:openid:params:grant-type:ciba';
const account = { accountId: userinfo.sub, claims: async () => userinfo };
const said = { acr: 'eidas1', amr: ['mobile'] };
let provider;

async function grantTo(clientId, scope, existing) {
  const grant = existing
    ? await provider.Grant.find(existing)
    : new provider.Grant({ accountId: account.accountId, clientId });
  grant.addOIDCScope(scope);
  return grant;
}

async function confirmOnDevice(ctx, request) {
  const grant = await grantTo(request.clientId, request.scope);
  await grant.save();
  const authTime = Math.floor(Date.now() / 1000);
  setTimeout(() => provider.backchannelResult(request, grant, { ...said, authTime }), 700);
}

const configuration = {
  clients: [{
    ...client,
    grant_types: ['authorization_code', 'refresh_token', CIBA],
    response_types: ['code'],
    backchannel_token_delivery_mode: 'poll',
  }],
  acrValues: ['eidas1'],
  scopes: ['openid', 'scope_all'],
  claims: { acr: null, auth_time: null, iss: null, openid: ['sub'], scope_all: Object.keys(userinfo) },
  findAccount: async () => account,
  pkce: { required: () => true },
  issueRefreshToken: async () => true,
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 120, IdToken: 120, AuthorizationCode: 60, RefreshToken: 1800, Session: 14400, Grant: 14400, Interaction: 600 },
  cookies: { keys: ['only-for-tests'] },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `<!doctype html>${form}<button form="op.logoutForm" name="logout" value="yes">Oui</button>`;
      },
    },
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      processLoginHint: async (ctx, hint) => (hint === userinfo.SubjectNameID ? userinfo.sub : undefined),
      validateBindingMessage: async () => {},
      validateRequestContext: async () => {},
      verifyUserCode: async () => {},
      triggerAuthenticationDevice: confirmOnDevice,
    },
  },
};

async function interact(request, response) {
  const { prompt, params, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const login = { login: { accountId: account.accountId, ...said } };
    return provider.interactionFinished(request, response, login);
  }
  const grant = await grantTo(params.client_id, params.scope, grantId);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

const server = createServer((request, response) => {
  if (request.url.startsWith('/interaction/')) return interact(request, response);
  return provider.callback()(request, response);
});
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(issuer, configuration);
  process.stdout.write(`${issuer}\n`);
});
