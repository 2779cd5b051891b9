import type { FastifyInstance } from 'fastify';
import { readParameters } from './conversation/session-schema.ts';
import { Scenario, ScenarioRun } from './scenario.ts';
import type { SimulatorState } from './state.ts';

/** The simulator's own endpoints: what happened, and what shall happen next. They need no key. */
export function controlRoutes(app: FastifyInstance, state: SimulatorState): void {
  app.get('/healthz', () => ({ ok: true }));
  app.get('/simulator/calls', () =>
    state.calls.all.map((call) => ({
      call_id: call.id,
      created_at: call.createdAt.toISOString(),
      ended_at: call.endedAt?.toISOString() ?? null,
    })),
  );
  app.get<{ Params: { id: string } }>('/simulator/calls/:id', (request) =>
    state.calls.get(request.params.id).record(),
  );
  app.put('/simulator/scenario', (request) => {
    state.scenario = new ScenarioRun(readParameters(Scenario, request.body, ''));
    return state.scenario.scenario;
  });
  app.delete('/simulator/scenario', () => {
    state.scenario = new ScenarioRun(Scenario.parse({}));
    return state.scenario.scenario;
  });
}
