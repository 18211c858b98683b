/**
 * Who may do what: the master's secret, from which every camera's credential is derived, and the
 * sessions of people who came by the sign-in link.
 */
package io.github.raspberryspy.sink.auth;
