// clients.mjs - one of the npm clients, as a shop would use it.
//
// usage: node clients.mjs CLIENT URL KEY PREFIX [PAUSE_S]
//
// Exit 1 when the client was not told that all is well. PAUSE_S: how long it rests between the two.
//
// CLIENT is segment, rudder, cloudevents or standardwebhooks; KEY its write key, token or secret.
// Each publishes that order PREFIX-1 was placed and PREFIX-2 delivered by customer PREFIX.
import {Analytics as Segment} from '@segment/analytics-node';
import Rudder from '@rudderstack/rudder-sdk-node';
import {CloudEvent, HTTP} from 'cloudevents';
import {Webhook} from 'standardwebhooks';

const [client, url, key, prefix, pause = '0'] = process.argv.slice(2);
const PATIENCE_MS = 60_000;
const placed = {
  order_id: `${prefix}-1`, total: 0.1 + 0.2, currency: 'EUR',
  products: [{sku: 'a', quantity: 1, price: 0.3, category: 'tea'}],
};

function fail(why) {
  console.error(`${client}: ${why?.message ?? JSON.stringify(why)}`);
  process.exit(1);
}

const after = (ms) => new Promise((done) => setTimeout(done, ms));
const rest = () => after(1000 * pause);

// As ingest asks its senders to: the same again after no answer, 429 and 503.
async function post(headers, body) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await fetch(`${url}/v1/events`, {method: 'POST', headers, body}).catch((error) => error);
    if (answer.status === 202) return;
    const isFinal = answer.status && answer.status !== 429 && answer.status !== 503;
    if (isFinal || Date.now() > until) fail(answer.status ? `${answer.status} ${await answer.text()}` : answer);
    await after(1000 * (answer.headers?.get('retry-after') ?? 0.5));
  }
}

const clients = {
  async segment() {
    const analytics = new Segment({writeKey: key, host: url, maxRetries: 20, flushInterval: 100});
    analytics.on('error', fail);
    analytics.identify({userId: prefix, traits: {email: `${prefix}@example.com`, newsletter: true}});
    analytics.track({userId: prefix, event: 'Order Completed', properties: placed});
    await rest();
    analytics.track({userId: prefix, event: 'Order Delivered', properties: {order_id: `${prefix}-2`}});
    analytics.page({userId: prefix, name: 'Home'});
    analytics.track({anonymousId: 'somebody', event: 'Order Completed', properties: placed});
    await analytics.closeAndFlush();
  },

  async rudder() {
    const analytics = new Rudder(key, {dataPlaneUrl: url, flushInterval: 100, maxFlushRetries: 20});
    const done = (error) => error && fail(error);
    analytics.identify({userId: prefix, traits: {email: `${prefix}@example.com`, newsletter: true}}, done);
    analytics.track({userId: prefix, event: 'Order Completed', properties: placed}, done);
    await rest();
    analytics.track({userId: prefix, event: 'Order Delivered', properties: {order_id: `${prefix}-2`}}, done);
    await analytics.flush();
  },

  // One in binary mode, one structured.
  async cloudevents() {
    const about = {source: 'https://shop.example/orders', subject: prefix};
    const binary = HTTP.binary(new CloudEvent({
      ...about, id: `${prefix}-m-1`, type: 'order.placed',
      data: {order: {id: `${prefix}-1`, amount: '0.30', currency: 'EUR'}},
    }));
    const structured = HTTP.structured(new CloudEvent({
      ...about, id: `${prefix}-m-2`, type: 'order.delivered', data: {order: {id: `${prefix}-2`}},
    }));
    for (const {headers, body} of [binary, structured]) {
      await post({...headers, authorization: `Bearer ${key}`}, body);
      await rest();
    }
  },

  async standardwebhooks() {
    for (const [type, order] of [['order.placed', '1'], ['order.delivered', '2']]) {
      const id = `${prefix}-m-${order}`, at = new Date();
      const body = JSON.stringify({
        id, type, time: at.toISOString(), customer: {id: prefix}, order: {id: `${prefix}-${order}`},
      });
      await post({
        'content-type': 'application/json', 'webhook-id': id,
        'webhook-timestamp': `${Math.floor(at / 1000)}`,
        'webhook-signature': new Webhook(key).sign(id, at, body),
      }, body);
      await rest();
    }
  },
};

await clients[client]();
process.exit(0);
