/**
 * TLS 1.3 on the master's port: its own key or its owner's certificate, and the certificates of
 * cameras, which count by their keys alone.
 */
package io.github.raspberryspy.sink.tls;
