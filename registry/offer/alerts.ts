/** What the registry promises about what persons are told, and where. */
import type { Books } from '../books.ts'
import type { Alerts } from '../promise/alerts.ts'

export function offerAlerts(books: Books): Alerts {
  return {
    alertSettings: (personId) => books.alerts.alertSettings(personId),
    setAlertSettings: (personId, wanted) => books.alerts.setAlertSettings(personId, wanted),
    alertedPersons: () => books.alerts.alertedPersons(),
    queueAlert: (alert, now) => books.alerts.queueAlert(alert, now),
    dueAlerts: (now, most) => books.alerts.dueAlerts(now, most),
    endAlert: (alertId, fault, now) => books.alerts.endAlert(alertId, fault, now),
    delayAlert: (alertId, nextAt) => books.alerts.delayAlert(alertId, nextAt),
    stopAlerts: (token) => books.alerts.stopAlerts(token),
    lastAlertDay: (personId, cause) => books.alerts.lastAlertDay(personId, cause),
    alertsSince: (personId, cause, since) => books.alerts.alertsSince(personId, cause, since),
    forgetAlerts: (before) => books.alerts.forgetAlerts(before),
    setReportRules: (personId, entryId, rules) => books.alerts.setReportRules(personId, entryId, rules),
    reportRules: (personId) => books.alerts.reportRules(personId),
    pushBrowsers: (personId) => books.browsers.of(personId),
    pushBrowser: (browserId) => books.browsers.get(browserId),
    keepPushBrowser: (browser, now) => books.browsers.keep(browser, now),
    removePushBrowser: (personId, browserId) => books.browsers.remove(personId, browserId),
    endPushSession: (sessionId) => books.browsers.endSession(sessionId),
    endPushSessions: (accountId, except) => books.browsers.endSessions(accountId, except),
    pushKey: (made) => books.browsers.key(made)
  }
}
