// Made by `npm run types -w supabase` from the migrations; never edited.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  public: {
    Tables: {
      adjustment_decisions: {
        Row: {
          adjustment_id: number;
          decided_at: string;
          decided_by: string | null;
          id: number;
          mode: string | null;
          multiplier: string;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          adjustment_id: number;
          decided_at?: string;
          decided_by?: string | null;
          id?: never;
          mode?: string | null;
          multiplier: string;
          tenant_id: string;
        };
        Update: {
          adjustment_id?: number;
          decided_at?: string;
          decided_by?: string | null;
          id?: never;
          mode?: string | null;
          multiplier?: string;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'adjustment_decisions_adjustment_fkey';
            columns: ['adjustment_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'adjustments';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'adjustment_decisions_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      adjustments: {
        Row: {
          asked_at: string;
          external_session: string | null;
          id: number;
          invitation_id: string | null;
          kind: string;
          note: string;
          session_id: string | null;
          tenant_id: string;
          unasked: boolean;
        };
        ComputedFields: never;
        Insert: {
          asked_at?: string;
          external_session?: string | null;
          id?: never;
          invitation_id?: string | null;
          kind: string;
          note: string;
          session_id?: string | null;
          tenant_id: string;
          unasked?: boolean;
        };
        Update: {
          asked_at?: string;
          external_session?: string | null;
          id?: never;
          invitation_id?: string | null;
          kind?: string;
          note?: string;
          session_id?: string | null;
          tenant_id?: string;
          unasked?: boolean;
        };
        Relationships: [
          {
            foreignKeyName: 'adjustments_invitation_id_fkey';
            columns: ['invitation_id'];
            isOneToOne: false;
            referencedRelation: 'interview_invitations';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'adjustments_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'adjustments_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      call_commands: {
        Row: {
          call_id: string;
          id: number;
          key: string | null;
          message: NonNullable<Json>;
          reply: Json | null;
          sent_at: string;
          session_id: string;
          taken_at: string | null;
        };
        ComputedFields: never;
        Insert: {
          call_id: string;
          id?: never;
          key?: string | null;
          message: NonNullable<Json>;
          reply?: Json | null;
          sent_at?: string;
          session_id: string;
          taken_at?: string | null;
        };
        Update: {
          call_id?: string;
          id?: never;
          key?: string | null;
          message?: NonNullable<Json>;
          reply?: Json | null;
          sent_at?: string;
          session_id?: string;
          taken_at?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'call_commands_call_id_fkey';
            columns: ['call_id'];
            isOneToOne: false;
            referencedRelation: 'session_calls';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'call_commands_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id'];
          },
        ];
      };
      call_leases: {
        Row: {
          call_id: string;
          claimed_epoch: number | null;
          epoch: number;
          expires_at: string;
          holder: string;
          released_at: string | null;
          secret: string;
        };
        ComputedFields: never;
        Insert: {
          call_id: string;
          claimed_epoch?: number | null;
          epoch: number;
          expires_at: string;
          holder: string;
          released_at?: string | null;
          secret?: string;
        };
        Update: {
          call_id?: string;
          claimed_epoch?: number | null;
          epoch?: number;
          expires_at?: string;
          holder?: string;
          released_at?: string | null;
          secret?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'call_leases_call_id_fkey';
            columns: ['call_id'];
            isOneToOne: true;
            referencedRelation: 'session_calls';
            referencedColumns: ['id'];
          },
        ];
      };
      candidates: {
        Row: {
          created_at: string;
          email: string | null;
          external_id: string | null;
          id: string;
          name: string | null;
          tenant_id: string;
          user_id: string | null;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          email?: string | null;
          external_id?: string | null;
          id?: string;
          name?: string | null;
          tenant_id: string;
          user_id?: string | null;
        };
        Update: {
          created_at?: string;
          email?: string | null;
          external_id?: string | null;
          id?: string;
          name?: string | null;
          tenant_id?: string;
          user_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'candidates_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      consents: {
        Row: {
          candidate_id: string;
          given_at: string;
          granted: boolean;
          id: number;
          locale: string;
          purpose: string;
          session_id: string;
          tenant_id: string;
          text: string;
          text_hash: string;
          version: string;
        };
        ComputedFields: never;
        Insert: {
          candidate_id: string;
          given_at?: string;
          granted: boolean;
          id?: never;
          locale: string;
          purpose: string;
          session_id: string;
          tenant_id: string;
          text: string;
          text_hash: string;
          version: string;
        };
        Update: {
          candidate_id?: string;
          given_at?: string;
          granted?: boolean;
          id?: never;
          locale?: string;
          purpose?: string;
          session_id?: string;
          tenant_id?: string;
          text?: string;
          text_hash?: string;
          version?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'consents_candidate_fkey';
            columns: ['candidate_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'candidates';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'consents_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'consents_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      erasures: {
        Row: {
          erased_at: string;
          erased_by: string | null;
          id: string;
          sessions: number;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          erased_at?: string;
          erased_by?: string | null;
          id?: string;
          sessions: number;
          tenant_id: string;
        };
        Update: {
          erased_at?: string;
          erased_by?: string | null;
          id?: string;
          sessions?: number;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'erasures_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      feedback: {
        Row: {
          given_at: string;
          id: number;
          rating: number | null;
          session_id: string;
          tenant_id: string;
          text: string | null;
        };
        ComputedFields: never;
        Insert: {
          given_at?: string;
          id?: never;
          rating?: number | null;
          session_id: string;
          tenant_id: string;
          text?: string | null;
        };
        Update: {
          given_at?: string;
          id?: never;
          rating?: number | null;
          session_id?: string;
          tenant_id?: string;
          text?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'feedback_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'feedback_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      integrity_events: {
        Row: {
          call_id: string | null;
          detail: NonNullable<Json>;
          id: number;
          kind: string;
          recorded_at: string;
          session_id: string;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          call_id?: string | null;
          detail?: NonNullable<Json>;
          id?: never;
          kind: string;
          recorded_at?: string;
          session_id: string;
          tenant_id: string;
        };
        Update: {
          call_id?: string | null;
          detail?: NonNullable<Json>;
          id?: never;
          kind?: string;
          recorded_at?: string;
          session_id?: string;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'integrity_events_call_fkey';
            columns: ['call_id', 'session_id'];
            isOneToOne: false;
            referencedRelation: 'session_calls';
            referencedColumns: ['id', 'session_id'];
          },
          {
            foreignKeyName: 'integrity_events_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'integrity_events_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      interview_invitations: {
        Row: {
          candidate_email: string | null;
          candidate_name: string | null;
          created_at: string;
          created_by: string | null;
          expires_at: string;
          external_id: string | null;
          id: string;
          interview_id: string;
          max_minutes: number | null;
          max_uses: number;
          note: string | null;
          resends: number;
          resent_at: string | null;
          resent_by: string | null;
          revoked_at: string | null;
          revoked_by: string | null;
          tenant_id: string;
          token_hash: string;
          uses: number;
        };
        ComputedFields: never;
        Insert: {
          candidate_email?: string | null;
          candidate_name?: string | null;
          created_at?: string;
          created_by?: string | null;
          expires_at: string;
          external_id?: string | null;
          id?: string;
          interview_id: string;
          max_minutes?: number | null;
          max_uses?: number;
          note?: string | null;
          resends?: number;
          resent_at?: string | null;
          resent_by?: string | null;
          revoked_at?: string | null;
          revoked_by?: string | null;
          tenant_id: string;
          token_hash: string;
          uses?: number;
        };
        Update: {
          candidate_email?: string | null;
          candidate_name?: string | null;
          created_at?: string;
          created_by?: string | null;
          expires_at?: string;
          external_id?: string | null;
          id?: string;
          interview_id?: string;
          max_minutes?: number | null;
          max_uses?: number;
          note?: string | null;
          resends?: number;
          resent_at?: string | null;
          resent_by?: string | null;
          revoked_at?: string | null;
          revoked_by?: string | null;
          tenant_id?: string;
          token_hash?: string;
          uses?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'interview_invitations_interview_fkey';
            columns: ['interview_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interviews';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interview_invitations_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      interview_report_versions: {
        Row: {
          created_at: string;
          report: NonNullable<Json>;
          revision: number;
          session_id: string;
          tenant_id: string;
          transcript_sha256: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          report: NonNullable<Json>;
          revision: number;
          session_id: string;
          tenant_id: string;
          transcript_sha256: string;
        };
        Update: {
          created_at?: string;
          report?: NonNullable<Json>;
          revision?: number;
          session_id?: string;
          tenant_id?: string;
          transcript_sha256?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'interview_report_versions_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interview_report_versions_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      interview_reports: {
        Row: {
          created_at: string;
          report: NonNullable<Json>;
          revision: number;
          session_id: string;
          tenant_id: string;
          transcript_sha256: string;
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          report: NonNullable<Json>;
          revision?: number;
          session_id: string;
          tenant_id: string;
          transcript_sha256: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          report?: NonNullable<Json>;
          revision?: number;
          session_id?: string;
          tenant_id?: string;
          transcript_sha256?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'interview_reports_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interview_reports_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      interview_sessions: {
        Row: {
          attempts: number;
          bound_at: string | null;
          candidate_id: string;
          connected_at: string | null;
          connection_state: string;
          created_at: string;
          deadline_at: string | null;
          device_hash: string | null;
          device_open: boolean;
          end_reason: string | null;
          ended_at: string | null;
          ending_at: string | null;
          external_id: string | null;
          gaps: NonNullable<Json>;
          id: string;
          interview_id: string;
          invitation_id: string | null;
          locale: string;
          machine_id: string | null;
          mode: string;
          model: string | null;
          origins: string[] | null;
          paused_ms: number;
          phase: string;
          provider: string | null;
          quality: NonNullable<Json>;
          region: string | null;
          started_at: string | null;
          status: string;
          tenant_id: string;
          trouble_ms: number;
        };
        ComputedFields: never;
        Insert: {
          attempts?: number;
          bound_at?: string | null;
          candidate_id: string;
          connected_at?: string | null;
          connection_state?: string;
          created_at?: string;
          deadline_at?: string | null;
          device_hash?: string | null;
          device_open?: boolean;
          end_reason?: string | null;
          ended_at?: string | null;
          ending_at?: string | null;
          external_id?: string | null;
          gaps?: NonNullable<Json>;
          id?: string;
          interview_id: string;
          invitation_id?: string | null;
          locale: string;
          machine_id?: string | null;
          mode?: string;
          model?: string | null;
          origins?: string[] | null;
          paused_ms?: number;
          phase?: string;
          provider?: string | null;
          quality?: NonNullable<Json>;
          region?: string | null;
          started_at?: string | null;
          status?: string;
          tenant_id: string;
          trouble_ms?: number;
        };
        Update: {
          attempts?: number;
          bound_at?: string | null;
          candidate_id?: string;
          connected_at?: string | null;
          connection_state?: string;
          created_at?: string;
          deadline_at?: string | null;
          device_hash?: string | null;
          device_open?: boolean;
          end_reason?: string | null;
          ended_at?: string | null;
          ending_at?: string | null;
          external_id?: string | null;
          gaps?: NonNullable<Json>;
          id?: string;
          interview_id?: string;
          invitation_id?: string | null;
          locale?: string;
          machine_id?: string | null;
          mode?: string;
          model?: string | null;
          origins?: string[] | null;
          paused_ms?: number;
          phase?: string;
          provider?: string | null;
          quality?: NonNullable<Json>;
          region?: string | null;
          started_at?: string | null;
          status?: string;
          tenant_id?: string;
          trouble_ms?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'interview_sessions_candidate_fkey';
            columns: ['candidate_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'candidates';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interview_sessions_interview_fkey';
            columns: ['interview_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interviews';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interview_sessions_invitation_fkey';
            columns: ['invitation_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_invitations';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interview_sessions_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      interviews: {
        Row: {
          account_required: boolean;
          adjustment: string;
          archived_at: string | null;
          consents: NonNullable<Json>;
          copied_from: string | null;
          created_at: string;
          decider: string;
          duration_s: number;
          edits: number;
          external_id: string | null;
          id: string;
          inviter: string;
          language: string;
          modes: string[];
          next_steps: string;
          plan: NonNullable<Json>;
          retention: string;
          rubric: Json | null;
          rubric_approved_at: string | null;
          rubric_approved_by: string | null;
          series_id: string;
          tenant_id: string;
          title: string;
          used_at: string | null;
          version: number;
        };
        ComputedFields: never;
        Insert: {
          account_required?: boolean;
          adjustment: string;
          archived_at?: string | null;
          consents?: NonNullable<Json>;
          copied_from?: string | null;
          created_at?: string;
          decider: string;
          duration_s: number;
          edits?: number;
          external_id?: string | null;
          id?: string;
          inviter: string;
          language?: string;
          modes?: string[];
          next_steps: string;
          plan: NonNullable<Json>;
          retention: string;
          rubric?: Json | null;
          rubric_approved_at?: string | null;
          rubric_approved_by?: string | null;
          series_id?: string;
          tenant_id: string;
          title: string;
          used_at?: string | null;
          version?: number;
        };
        Update: {
          account_required?: boolean;
          adjustment?: string;
          archived_at?: string | null;
          consents?: NonNullable<Json>;
          copied_from?: string | null;
          created_at?: string;
          decider?: string;
          duration_s?: number;
          edits?: number;
          external_id?: string | null;
          id?: string;
          inviter?: string;
          language?: string;
          modes?: string[];
          next_steps?: string;
          plan?: NonNullable<Json>;
          retention?: string;
          rubric?: Json | null;
          rubric_approved_at?: string | null;
          rubric_approved_by?: string | null;
          series_id?: string;
          tenant_id?: string;
          title?: string;
          used_at?: string | null;
          version?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'interviews_copied_from_fkey';
            columns: ['copied_from', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interviews';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'interviews_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      jobs: {
        Row: {
          attempts: number;
          created_at: string;
          done: number;
          failures: number;
          id: number;
          kind: string;
          last_error: string | null;
          locked_until: string | null;
          run_at: string;
          session_id: string | null;
          subject: string;
          tenant_id: string;
          wanted: number;
        };
        ComputedFields: never;
        Insert: {
          attempts?: number;
          created_at?: string;
          done?: number;
          failures?: number;
          id?: never;
          kind: string;
          last_error?: string | null;
          locked_until?: string | null;
          run_at?: string;
          session_id?: string | null;
          subject?: string;
          tenant_id: string;
          wanted?: number;
        };
        Update: {
          attempts?: number;
          created_at?: string;
          done?: number;
          failures?: number;
          id?: never;
          kind?: string;
          last_error?: string | null;
          locked_until?: string | null;
          run_at?: string;
          session_id?: string | null;
          subject?: string;
          tenant_id?: string;
          wanted?: number;
        };
        Relationships: [
          {
            foreignKeyName: 'jobs_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id'];
          },
          {
            foreignKeyName: 'jobs_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      legal_holds: {
        Row: {
          candidate_id: string;
          id: string;
          placed_at: string;
          reason: string;
          released_at: string | null;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          candidate_id: string;
          id?: string;
          placed_at?: string;
          reason: string;
          released_at?: string | null;
          tenant_id: string;
        };
        Update: {
          candidate_id?: string;
          id?: string;
          placed_at?: string;
          reason?: string;
          released_at?: string | null;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'legal_holds_candidate_fkey';
            columns: ['candidate_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'candidates';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'legal_holds_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      question_states: {
        Row: {
          answer_ms: number;
          answer_words: number;
          asked_at: string;
          delivered_at: string | null;
          follow_ups: number | null;
          heard_share: number | null;
          left_at: string | null;
          outcome: string | null;
          position: number;
          question_id: string;
          restates: number;
          session_id: string;
          status: string;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          answer_ms?: number;
          answer_words?: number;
          asked_at?: string;
          delivered_at?: string | null;
          follow_ups?: number | null;
          heard_share?: number | null;
          left_at?: string | null;
          outcome?: string | null;
          position: number;
          question_id: string;
          restates?: number;
          session_id: string;
          status?: never;
          tenant_id: string;
        };
        Update: {
          answer_ms?: number;
          answer_words?: number;
          asked_at?: string;
          delivered_at?: string | null;
          follow_ups?: number | null;
          heard_share?: number | null;
          left_at?: string | null;
          outcome?: string | null;
          position?: number;
          question_id?: string;
          restates?: number;
          session_id?: string;
          status?: never;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'question_states_session_id_tenant_id_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
        ];
      };
      retention_periods: {
        Row: {
          class: string;
          days: number;
          set_at: string;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          class: string;
          days: number;
          set_at?: string;
          tenant_id: string;
        };
        Update: {
          class?: string;
          days?: number;
          set_at?: string;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'retention_periods_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      session_calls: {
        Row: {
          answered_at: string | null;
          close_reason: string | null;
          closed_at: string | null;
          connected_at: string | null;
          connection_state: string;
          hangup_claimed_at: string | null;
          hung_up_at: string | null;
          id: string;
          machine_id: string | null;
          model: string | null;
          offer_id: string;
          opened_at: string;
          ordinal: number;
          own_page: boolean;
          provider: string;
          provider_call_id: string | null;
          quality: NonNullable<Json>;
          reason: string;
          region: string | null;
          session_id: string;
          tenant_id: string;
          troubled_at: string | null;
          troubles: number;
          writer_id: string | null;
        };
        ComputedFields: never;
        Insert: {
          answered_at?: string | null;
          close_reason?: string | null;
          closed_at?: string | null;
          connected_at?: string | null;
          connection_state?: never;
          hangup_claimed_at?: string | null;
          hung_up_at?: string | null;
          id?: string;
          machine_id?: string | null;
          model?: string | null;
          offer_id: string;
          opened_at?: string;
          ordinal: number;
          own_page?: boolean;
          provider: string;
          provider_call_id?: string | null;
          quality?: NonNullable<Json>;
          reason: string;
          region?: string | null;
          session_id: string;
          tenant_id: string;
          troubled_at?: string | null;
          troubles?: number;
          writer_id?: string | null;
        };
        Update: {
          answered_at?: string | null;
          close_reason?: string | null;
          closed_at?: string | null;
          connected_at?: string | null;
          connection_state?: never;
          hangup_claimed_at?: string | null;
          hung_up_at?: string | null;
          id?: string;
          machine_id?: string | null;
          model?: string | null;
          offer_id?: string;
          opened_at?: string;
          ordinal?: number;
          own_page?: boolean;
          provider?: string;
          provider_call_id?: string | null;
          quality?: NonNullable<Json>;
          reason?: string;
          region?: string | null;
          session_id?: string;
          tenant_id?: string;
          troubled_at?: string | null;
          troubles?: number;
          writer_id?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: 'session_calls_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'session_calls_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      session_states: {
        Row: {
          call_id: string;
          epoch: number;
          reducer: NonNullable<Json>;
          session_id: string;
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          call_id: string;
          epoch: number;
          reducer: NonNullable<Json>;
          session_id: string;
          updated_at?: string;
        };
        Update: {
          call_id?: string;
          epoch?: number;
          reducer?: NonNullable<Json>;
          session_id?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'session_states_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: true;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id'];
          },
        ];
      };
      tenant_api_keys: {
        Row: {
          created_at: string;
          expires_at: string | null;
          id: string;
          key_hash: string;
          name: string;
          revoked_at: string | null;
          scopes: string[];
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          expires_at?: string | null;
          id?: string;
          key_hash: string;
          name: string;
          revoked_at?: string | null;
          scopes?: string[];
          tenant_id: string;
        };
        Update: {
          created_at?: string;
          expires_at?: string | null;
          id?: string;
          key_hash?: string;
          name?: string;
          revoked_at?: string | null;
          scopes?: string[];
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'tenant_api_keys_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      tenant_members: {
        Row: {
          created_at: string;
          role: string;
          tenant_id: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          role?: string;
          tenant_id: string;
          user_id: string;
        };
        Update: {
          created_at?: string;
          role?: string;
          tenant_id?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'tenant_members_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      tenants: {
        Row: {
          allow_unsupervised: boolean;
          allowed_origins: string[];
          created_at: string;
          default_interview_id: string | null;
          external_id: string;
          id: string;
          logo: string | null;
          max_attempts: number;
          max_live_calls: number;
          max_session_minutes: number | null;
          max_sessions_per_day: number;
          name: string;
          tamper: string;
        };
        ComputedFields: never;
        Insert: {
          allow_unsupervised?: boolean;
          allowed_origins?: string[];
          created_at?: string;
          default_interview_id?: string | null;
          external_id: string;
          id?: string;
          logo?: string | null;
          max_attempts?: number;
          max_live_calls?: number;
          max_session_minutes?: number | null;
          max_sessions_per_day?: number;
          name: string;
          tamper?: string;
        };
        Update: {
          allow_unsupervised?: boolean;
          allowed_origins?: string[];
          created_at?: string;
          default_interview_id?: string | null;
          external_id?: string;
          id?: string;
          logo?: string | null;
          max_attempts?: number;
          max_live_calls?: number;
          max_session_minutes?: number | null;
          max_sessions_per_day?: number;
          name?: string;
          tamper?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'tenants_default_interview_fkey_of_tenant';
            columns: ['default_interview_id', 'id'];
            isOneToOne: false;
            referencedRelation: 'interviews';
            referencedColumns: ['id', 'tenant_id'];
          },
        ];
      };
      tool_calls: {
        Row: {
          answer: string;
          answered_at: string;
          call_id: string;
          code: string | null;
          session_id: string;
          step: string;
          tenant_id: string;
          tool_call_id: string;
        };
        ComputedFields: never;
        Insert: {
          answer: string;
          answered_at?: string;
          call_id: string;
          code?: string | null;
          session_id: string;
          step: string;
          tenant_id: string;
          tool_call_id: string;
        };
        Update: {
          answer?: string;
          answered_at?: string;
          call_id?: string;
          code?: string | null;
          session_id?: string;
          step?: string;
          tenant_id?: string;
          tool_call_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'tool_calls_call_id_session_id_fkey';
            columns: ['call_id', 'session_id'];
            isOneToOne: false;
            referencedRelation: 'session_calls';
            referencedColumns: ['id', 'session_id'];
          },
          {
            foreignKeyName: 'tool_calls_session_id_tenant_id_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
        ];
      };
      transcript_corrections: {
        Row: {
          corrected_at: string;
          entry_id: string;
          id: number;
          session_id: string;
          tenant_id: string;
          text: string;
        };
        ComputedFields: never;
        Insert: {
          corrected_at?: string;
          entry_id: string;
          id?: never;
          session_id: string;
          tenant_id: string;
          text: string;
        };
        Update: {
          corrected_at?: string;
          entry_id?: string;
          id?: never;
          session_id?: string;
          tenant_id?: string;
          text?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'transcript_corrections_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'transcript_corrections_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      transcript_entries: {
        Row: {
          body_hash: string;
          call_id: string | null;
          ended_ms: number | null;
          entry_id: string | null;
          heard_ms: number | null;
          id: number;
          item_id: string | null;
          language: string | null;
          position: number | null;
          previous_item_id: string | null;
          revision: number | null;
          role: string | null;
          sequence: number;
          session_id: string;
          source: string;
          started_ms: number | null;
          status: string | null;
          stored_at: string;
          tenant_id: string;
          text: string | null;
          tombstone: string | null;
          writer_id: string;
        };
        ComputedFields: never;
        Insert: {
          body_hash: string;
          call_id?: string | null;
          ended_ms?: number | null;
          entry_id?: string | null;
          heard_ms?: number | null;
          id?: never;
          item_id?: string | null;
          language?: string | null;
          position?: number | null;
          previous_item_id?: string | null;
          revision?: number | null;
          role?: string | null;
          sequence: number;
          session_id: string;
          source: string;
          started_ms?: number | null;
          status?: string | null;
          stored_at?: string;
          tenant_id: string;
          text?: string | null;
          tombstone?: string | null;
          writer_id: string;
        };
        Update: {
          body_hash?: string;
          call_id?: string | null;
          ended_ms?: number | null;
          entry_id?: string | null;
          heard_ms?: number | null;
          id?: never;
          item_id?: string | null;
          language?: string | null;
          position?: number | null;
          previous_item_id?: string | null;
          revision?: number | null;
          role?: string | null;
          sequence?: number;
          session_id?: string;
          source?: string;
          started_ms?: number | null;
          status?: string | null;
          stored_at?: string;
          tenant_id?: string;
          text?: string | null;
          tombstone?: string | null;
          writer_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'transcript_entries_call_fkey';
            columns: ['call_id', 'session_id'];
            isOneToOne: false;
            referencedRelation: 'session_calls';
            referencedColumns: ['id', 'session_id'];
          },
          {
            foreignKeyName: 'transcript_entries_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'transcript_entries_session_id_writer_id_fkey';
            columns: ['session_id', 'writer_id'];
            isOneToOne: false;
            referencedRelation: 'transcript_writers';
            referencedColumns: ['session_id', 'writer_id'];
          },
        ];
      };
      transcript_writers: {
        Row: {
          created_at: string;
          expected: number | null;
          last_sequence: number;
          lost: unknown;
          session_id: string;
          source: string;
          writer_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          expected?: number | null;
          last_sequence?: number;
          lost?: unknown;
          session_id: string;
          source: string;
          writer_id: string;
        };
        Update: {
          created_at?: string;
          expected?: number | null;
          last_sequence?: number;
          lost?: unknown;
          session_id?: string;
          source?: string;
          writer_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'transcript_writers_session_id_fkey';
            columns: ['session_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id'];
          },
        ];
      };
      webhook_deliveries: {
        Row: {
          attempted_at: string | null;
          attempts: number;
          created_at: string;
          endpoint_id: string;
          failures: number;
          id: string;
          last_error: string | null;
          last_status: number | null;
          next_at: string | null;
          payload: NonNullable<Json>;
          session_id: string | null;
          status: string;
          tenant_id: string;
          type: string;
        };
        ComputedFields: never;
        Insert: {
          attempted_at?: string | null;
          attempts?: number;
          created_at?: string;
          endpoint_id: string;
          failures?: number;
          id?: string;
          last_error?: string | null;
          last_status?: number | null;
          next_at?: string | null;
          payload: NonNullable<Json>;
          session_id?: string | null;
          status?: string;
          tenant_id: string;
          type: string;
        };
        Update: {
          attempted_at?: string | null;
          attempts?: number;
          created_at?: string;
          endpoint_id?: string;
          failures?: number;
          id?: string;
          last_error?: string | null;
          last_status?: number | null;
          next_at?: string | null;
          payload?: NonNullable<Json>;
          session_id?: string | null;
          status?: string;
          tenant_id?: string;
          type?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'webhook_deliveries_endpoint_fkey';
            columns: ['endpoint_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'webhook_endpoints';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'webhook_deliveries_session_fkey';
            columns: ['session_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'interview_sessions';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'webhook_deliveries_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      webhook_endpoints: {
        Row: {
          created_at: string;
          created_by: string | null;
          description: string | null;
          disabled_at: string | null;
          disabled_by: string | null;
          id: string;
          tenant_id: string;
          types: string[];
          url: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          created_by?: string | null;
          description?: string | null;
          disabled_at?: string | null;
          disabled_by?: string | null;
          id?: string;
          tenant_id: string;
          types: string[];
          url: string;
        };
        Update: {
          created_at?: string;
          created_by?: string | null;
          description?: string | null;
          disabled_at?: string | null;
          disabled_by?: string | null;
          id?: string;
          tenant_id?: string;
          types?: string[];
          url?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'webhook_endpoints_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
      webhook_secrets: {
        Row: {
          created_at: string;
          endpoint_id: string;
          expires_at: string | null;
          id: number;
          secret: string;
          tenant_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          endpoint_id: string;
          expires_at?: string | null;
          id?: never;
          secret: string;
          tenant_id: string;
        };
        Update: {
          created_at?: string;
          endpoint_id?: string;
          expires_at?: string | null;
          id?: never;
          secret?: string;
          tenant_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: 'webhook_secrets_endpoint_fkey';
            columns: ['endpoint_id', 'tenant_id'];
            isOneToOne: false;
            referencedRelation: 'webhook_endpoints';
            referencedColumns: ['id', 'tenant_id'];
          },
          {
            foreignKeyName: 'webhook_secrets_tenant_id_fkey';
            columns: ['tenant_id'];
            isOneToOne: false;
            referencedRelation: 'tenants';
            referencedColumns: ['id'];
          },
        ];
      };
    };
    Views: {
      consents_current: {
        Row: {
          granted_at: string | null;
          locale: string;
          purpose: string;
          session_id: string;
          text: string;
          text_hash: string;
          version: string;
          withdrawn_at: string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
      transcript_current: {
        Row: {
          call_id: string | null;
          call_ordinal: number;
          ended_ms: number | null;
          entry_id: string | null;
          heard_ms: number | null;
          ordinal: number | null;
          role: string | null;
          session_id: string;
          source: string;
          started_ms: number | null;
          status: string | null;
          text: string | null;
        };
        ComputedFields: never;
        Relationships: [
          {
            foreignKeyName: 'transcript_entries_call_fkey';
            columns: ['call_id', 'session_id'];
            isOneToOne: false;
            referencedRelation: 'session_calls';
            referencedColumns: ['id', 'session_id'];
          },
        ];
      };
    };
    Functions: {
      add_tenant_member: {
        Args: { p_email: string; p_role?: string; p_tenant: string };
        Returns: Json;
      };
      allow_another_device: { Args: { p_session: string }; Returns: Json };
      allow_unsupervised: { Args: { p_call: string }; Returns: Json };
      answer_command: { Args: { p_id: number; p_reply: Json }; Returns: Json };
      approve_rubric: { Args: { p_interview: string }; Returns: Json };
      archive_plan: { Args: { p_archived?: boolean; p_interview: string }; Returns: Json };
      ask_before_start: {
        Args: {
          p_device_hash: string;
          p_invitation_hash: string;
          p_kind: string;
          p_note: string;
          p_origin: string;
          p_user?: string;
        };
        Returns: Json;
      };
      ask_for_tenant: {
        Args: {
          p_key_hash: string;
          p_kind: string;
          p_note: string;
          p_origin: string;
          p_session: string;
          p_tenant: string;
        };
        Returns: Json;
      };
      ask_in_session: {
        Args: { p_kind: string; p_note: string; p_session: string };
        Returns: Json;
      };
      call_answered: { Args: { p_call: string; p_provider_call_id: string }; Returns: Json };
      call_connected: { Args: { p_call: string }; Returns: Json };
      call_hung_up: { Args: { p_call: string }; Returns: Json };
      change_webhook: {
        Args: {
          p_description?: string;
          p_enabled?: boolean;
          p_endpoint: string;
          p_types?: string[];
          p_url?: string;
        };
        Returns: Json;
      };
      claim_calls: {
        Args: { p_held?: Json; p_holder: string; p_seconds: number; p_session?: string };
        Returns: Json;
      };
      claim_hangups: { Args: { p_held?: Json; p_session?: string }; Returns: Json };
      claim_jobs: { Args: { p_kinds?: Json; p_n: number; p_seconds: number }; Returns: Json };
      close_call: { Args: { p_call: string; p_epoch?: number; p_reason: string }; Returns: Json };
      command_reply: { Args: { p_id: number; p_last: boolean }; Returns: Json };
      complete_session: {
        Args: {
          p_force: boolean;
          p_lost: Json;
          p_reason: string;
          p_session: string;
          p_writers: Json;
        };
        Returns: Json;
      };
      create_api_key: {
        Args: { p_expires_in_s?: number; p_name: string; p_scopes: string[]; p_tenant: string };
        Returns: Json;
      };
      create_invitation: {
        Args: {
          p_email?: string;
          p_expires_in_s?: number;
          p_interview: string;
          p_max_minutes?: number;
          p_max_uses?: number;
          p_name?: string;
          p_note?: string;
        };
        Returns: Json;
      };
      create_webhook: {
        Args: { p_description?: string; p_tenant: string; p_types: string[]; p_url: string };
        Returns: Json;
      };
      dead_jobs: { Args: { p_tenant: string }; Returns: Json };
      decide_adjustment: {
        Args: {
          p_adjustment?: number;
          p_invitation?: string;
          p_mode?: string;
          p_multiplier: string;
          p_session?: string;
        };
        Returns: Json;
      };
      delete_webhook: { Args: { p_endpoint: string }; Returns: Json };
      duplicate_plan: { Args: { p_interview: string }; Returns: Json };
      erase_candidate: { Args: { p_candidate: string }; Returns: Json };
      erase_invitation: { Args: { p_invitation: string }; Returns: Json };
      expire_sessions: { Args: Record<PropertyKey, never>; Returns: Json };
      export_candidate: { Args: { p_candidate: string }; Returns: Json };
      fail_job: { Args: { p_attempt: number; p_error: string; p_job: number }; Returns: Json };
      finish_job: { Args: { p_attempt: number; p_job: number; p_wanted: number }; Returns: Json };
      invite_for_tenant: {
        Args: { p_interview: string; p_items: Json; p_key_hash: string; p_tenant: string };
        Returns: Json;
      };
      jobs_dead: { Args: Record<PropertyKey, never>; Returns: Json };
      jobs_remaining: { Args: Record<PropertyKey, never>; Returns: Json };
      look_at_invitation: {
        Args: {
          p_device_hash: string;
          p_invitation_hash: string;
          p_origin: string;
          p_user: string;
        };
        Returns: Json;
      };
      look_for_tenant: {
        Args: {
          p_interview: string;
          p_key_hash: string;
          p_origin: string;
          p_session: string;
          p_tenant: string;
        };
        Returns: Json;
      };
      open_call: {
        Args: {
          p_machine?: string;
          p_model?: string;
          p_offer_id: string;
          p_own_page?: boolean;
          p_provider: string;
          p_reason: string;
          p_region?: string;
          p_session: string;
          p_writer: string;
        };
        Returns: Json;
      };
      place_hold: { Args: { p_candidate: string; p_reason: string }; Returns: Json };
      record_delivery: {
        Args: { p_attempt: number; p_delivery: string; p_error: string; p_status: number };
        Returns: Json;
      };
      record_event: {
        Args: { p_call: string; p_detail: Json; p_kind: string; p_session: string };
        Returns: Json;
      };
      record_quality: { Args: { p_quality: Json; p_session: string }; Returns: Json };
      record_trouble: { Args: { p_call: string; p_since_ms: number }; Returns: Json };
      redeem_invitation: {
        Args: {
          p_consents: Json;
          p_device_hash: string;
          p_invitation_hash: string;
          p_locale: string;
          p_mode: string;
          p_origin: string;
          p_user: string;
        };
        Returns: Json;
      };
      release_hold: { Args: { p_hold: string }; Returns: Json };
      release_lease: { Args: { p_call: string; p_epoch: number }; Returns: Json };
      renew_allowed: { Args: { p_session: string }; Returns: Json };
      renew_job: { Args: { p_attempt: number; p_job: number; p_seconds: number }; Returns: Json };
      renew_lease: { Args: { p_call: string; p_epoch: number; p_seconds: number }; Returns: Json };
      replay_delivery: { Args: { p_delivery: string }; Returns: Json };
      report_for_export: { Args: { p_revision: number; p_session: string }; Returns: Json };
      report_source: { Args: { p_session: string }; Returns: Json };
      resend_invitation: { Args: { p_expires_in_s?: number; p_invitation: string }; Returns: Json };
      retain: { Args: { p_class: string; p_tenant: string }; Returns: Json };
      retry_job: { Args: { p_job: number }; Returns: Json };
      revoke_api_key: { Args: { p_key: string }; Returns: Json };
      revoke_invitation: { Args: { p_invitation: string }; Returns: Json };
      rotate_api_key: { Args: { p_key: string; p_overlap_s?: number }; Returns: Json };
      rotate_webhook_secret: { Args: { p_endpoint: string; p_keep_s?: number }; Returns: Json };
      save_plan: {
        Args: { p_definition: Json; p_edits?: number; p_interview: string; p_tenant: string };
        Returns: Json;
      };
      save_reducer: {
        Args: {
          p_call: string;
          p_deadline?: string;
          p_epoch: number;
          p_phase: string;
          p_state: Json;
        };
        Returns: Json;
      };
      send_command: { Args: { p_key?: string; p_message: Json; p_session: string }; Returns: Json };
      session_brief: { Args: { p_session: string }; Returns: Json };
      session_glance: { Args: { p_session: string }; Returns: Json };
      set_limits: { Args: { p_limits: Json; p_tenant: string }; Returns: Json };
      set_retention: { Args: { p_class: string; p_days: number; p_tenant: string }; Returns: Json };
      start_for_tenant: {
        Args: {
          p_candidate: Json;
          p_consents?: Json;
          p_interview: string;
          p_key_hash: string;
          p_locale: string;
          p_mode?: string;
          p_origin: string;
          p_origins: Json;
          p_session: string;
          p_tenant: string;
        };
        Returns: Json;
      };
      store_correction: {
        Args: { p_entry_id: string; p_session: string; p_text: string };
        Returns: Json;
      };
      store_entries: {
        Args: { p_entries: Json; p_session: string; p_source: string; p_writer: string };
        Returns: Json;
      };
      store_feedback: {
        Args: { p_rating: number; p_session: string; p_text: string };
        Returns: Json;
      };
      store_report: { Args: { p_report: Json; p_session: string }; Returns: Json };
      take_commands: { Args: { p_holder: string }; Returns: Json };
      take_lease: {
        Args: { p_call: string; p_force?: boolean; p_holder: string; p_seconds: number };
        Returns: Json;
      };
      test_webhook: { Args: { p_endpoint: string }; Returns: Json };
      transcript_of_source: {
        Args: { p_session: string; p_source: string };
        Returns: {
          call_id: string;
          call_ordinal: number;
          ended_ms: number;
          entry_id: string;
          heard_ms: number;
          ordinal: number;
          role: string;
          session_id: string;
          source: string;
          started_ms: number;
          status: string;
          text: string;
        }[];
      };
      webhook_delivery: { Args: { p_delivery: string }; Returns: Json };
      withdraw_by_invitation: {
        Args: {
          p_device_hash: string;
          p_invitation_hash: string;
          p_origin: string;
          p_purposes: Json;
          p_user: string;
        };
        Returns: Json;
      };
      withdraw_consent: { Args: { p_purposes: Json; p_session: string }; Returns: Json };
      withdraw_for_tenant: {
        Args: {
          p_key_hash: string;
          p_origin: string;
          p_purposes: Json;
          p_session: string;
          p_tenant: string;
        };
        Returns: Json;
      };
      withdraw_in_session: { Args: { p_purposes: Json; p_session: string }; Returns: Json };
      writer_marks: { Args: { p_session: string }; Returns: Json };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'public'>];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
    ? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
  TableName extends (DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
    : never) = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
    ? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    keyof DefaultSchema['Enums'] | { schema: keyof DatabaseWithoutInternals },
  EnumName extends (DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
    : never) = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
    ? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    keyof DefaultSchema['CompositeTypes'] | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
    : never) = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
    ? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  public: {
    Enums: {},
  },
} as const;
