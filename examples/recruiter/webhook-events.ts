/** What each event is called at the desk. */
export const eventWords: Record<string, string> = {
  'session.completed': 'Interview completed',
  'session.abandoned': 'Interview left early',
  'report.ready': 'Report ready',
  'integrity.event': 'Something for a reviewer',
  'webhook.test': 'Test',
};
