/* Made from commitment-request.v1.json by npm run generate. */

export interface CommitmentRequest {
  commitment: string
  /**
   * The text as it was shown and signed, Chinese or English, word for word
   */
  text: string
  signedBy: 'applicant' | 'agent'
}
