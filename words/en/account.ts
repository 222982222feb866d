/** English: signing in, invitations and one's own account. */
export const account = {
  signIn: {
    heading: 'Sign in',
    userName: 'User name',
    password: 'Password',
    button: 'Sign in',
    running: 'Signing in…',
    passkey: 'Sign in with a passkey',
    forgot:
      'Forgot your password? Ask the person who looks after this hub (its steward) for a new link. Nobody can read the old one.',
    noAccount: 'No account yet? The steward invites those who host a sensor. With a code on a card:',
    code: 'Code on your card',
    codeHint: 'Twelve letters and digits, for example K7Q2-M4XA-9TRE.',
    openCode: 'Open the invitation',
    out: 'Sign out',
    signedInAs: (userName: string) => `You are signed in as ${userName}.`
  },
  invitation: {
    heading: (hub: string) => `Welcome to ${hub}`,
    host: 'You were invited to see your own sensors and your own home here. Nobody else sees what is measured in your home.',
    steward: 'You were invited to look after this hub: its streets, sensors and people.',
    researcher: 'You were invited to download research data of homes that agreed to it.',
    recover: 'Choose a new password. You are then signed out everywhere else.',
    name: 'Your name',
    nameHint: 'Only the steward sees it.',
    userName: 'User name',
    userNameHint: 'You sign in with it. Any name will do; nobody else sees it.',
    password: 'Password',
    passwordHint:
      'At least ten characters. Three or four words that do not belong together are easy to remember and hard to guess.',
    show: 'Show the password',
    join: 'Create my account',
    accept: 'Accept',
    newPassword: 'Use this password',
    signInFirst: 'You have an account here already. Sign in, and you come back to this invitation.',
    until: (when: string) => `The invitation works once, until ${when}.`,
    gone: 'This invitation cannot be used',
    goneNext:
      'It was used already, has run out, or was taken back. If you have an account, sign in. Otherwise ask the steward for a new one.'
  }
}
