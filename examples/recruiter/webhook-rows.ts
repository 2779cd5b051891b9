import type { Recruiting } from './recruiting.ts';

/** Where a tenant's events are sent. */
export interface Endpoint {
  id: string;
  url: string;
  types: string[];
  description: string | null;
  created_at: string;
  disabled_at: string | null;
  disabled_by: 'owner' | 'gone' | null;
}

/** One event for one endpoint, and what became of it. */
export interface Delivery {
  id: string;
  endpoint_id: string;
  session_id: string | null;
  type: string;
  status: 'waiting' | 'delivered' | 'dead';
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  created_at: string;
  attempted_at: string | null;
  next_at: string | null;
}

/** Those of a tenant, the oldest first. */
export function endpointsOf(recruiting: Recruiting, tenant: string): Promise<Endpoint[]> {
  return recruiting.rows((client) =>
    client
      .from('webhook_endpoints')
      .select('id,url,types,description,created_at,disabled_at,disabled_by')
      .eq('tenant_id', tenant)
      .order('created_at'),
  );
}

/** The newest 50 that were given up, or that were not. */
export function deliveriesOf(
  recruiting: Recruiting,
  tenant: string,
  which: 'dead' | 'others',
): Promise<Delivery[]> {
  const statuses = which === 'dead' ? ['dead'] : ['waiting', 'delivered'];
  return recruiting.rows((client) =>
    client
      .from('webhook_deliveries')
      .select(
        'id,endpoint_id,session_id,type,status,attempts,last_status,last_error,created_at,attempted_at,next_at',
      )
      .eq('tenant_id', tenant)
      .in('status', statuses)
      .order('created_at', { ascending: false })
      .limit(50),
  );
}
