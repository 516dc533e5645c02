// oidc-provider dressed as Pro Santé Connect: its claims, eidas1, two-minute tokens, one button to sign in.
// node peer.mjs USERINFO.json CLIENT [TLS]: prints the issuer on one line once it listens on loopback. CLIENT, in
// JSON, is as registered; TLS, {ca, cert, key} in PEM, is for a second address that asks for a certificate.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import Provider from 'oidc-provider';

const userinfo = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const client = JSON.parse(process.argv[3]);
const tls = process.argv[4] && JSON.parse(process.argv[4]);
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
  clientAuthMethods: [
    'client_secret_basic', 'client_secret_post', 'private_key_jwt', ...(tls ? ['tls_client_auth'] : []),
  ],
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
    mTLS: {
      enabled: Boolean(tls),
      tlsClientAuth: true,
      certificateBoundAccessTokens: true,
      getCertificate: (ctx) => ctx.socket.getPeerX509Certificate?.(),
      certificateAuthorized: (ctx) => ctx.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => (
        ctx.socket.getPeerX509Certificate().subject.split('\n').includes(expected)
      ),
    },
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
    if (request.method === 'GET') {
      response.setHeader('Content-Type', 'text/html');
      return response.end(`<form method="post" action="${request.url}"><button name="who" value="me">Moi</button></form>`);
    }
    const login = { login: { accountId: account.accountId, ...said } };
    return provider.interactionFinished(request, response, login);
  }
  const grant = await grantTo(params.client_id, params.scope, grantId);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

function answer(request, response) {
  if (request.url.startsWith('/interaction/')) return interact(request, response);
  return provider.callback()(request, response);
}

async function listening(server) {
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return `127.0.0.1:${server.address().port}`;
}

async function askingForCertificates() {
  const options = { ...tls, requestCert: true, rejectUnauthorized: false };
  const base = `https://${await listening(createSecureServer(options, answer))}`;
  return {
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/me`,
    introspection_endpoint: `${base}/token/introspection`,
    backchannel_authentication_endpoint: `${base}/backchannel`,
  };
}

const issuer = `http://${await listening(createServer(answer))}`;
if (tls) configuration.discovery = { mtls_endpoint_aliases: await askingForCertificates() };
provider = new Provider(issuer, configuration);
process.stdout.write(`${issuer}\n`);
