/** What is used of @openai/agents-realtime. Its own types draw in sources that do not compile under our settings. */
declare module 'openai-client' {
  export class OpenAIRealtimeWebRTC {
    constructor(options: { baseUrl: string; useInsecureApiKey: boolean; mediaStream: MediaStream });
    connect(options: { apiKey: string }): Promise<void>;
  }
}
