/** The name under which services that were set up earlier start the command. */
import './lamppost.mjs'
