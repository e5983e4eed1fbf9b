/* Made from deadline-query.v1.json by npm run generate. */

export interface DeadlineQuery {
  /**
   * The day on which it starts.
   */
  from: string
  limit:
    | 'catalogue-update'
    | 'catalogue-publication'
    | 'reply-unconditional'
    | 'reply-conditional'
    | 'delivery'
    | 'correction'
  ruleSet?: string
}
