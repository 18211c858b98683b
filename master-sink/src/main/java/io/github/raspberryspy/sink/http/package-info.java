/**
 * The master's HTTP: uploads for cameras, the JSON API and the page for people. Every route is
 * declared once, with the rule that says who may use it.
 */
package io.github.raspberryspy.sink.http;
