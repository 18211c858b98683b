package io.github.raspberryspy.sink.http;

import io.github.raspberryspy.sink.tls.MasterTls;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The one port with TLS 1.3 before HTTP. Who connects is asked for a certificate, and need not have
 * one: people have none.
 */
final class TlsDoor {

  private final MasterTls tls;
  private String host = "127.0.0.1"; // both are written before the server starts
  private int port;

  TlsDoor(MasterTls tls) {
    this.tls = tls;
  }

  /** Where it will listen. */
  void at(String listenHost, int listenPort) {
    host = listenHost;
    port = listenPort;
  }

  Connector connector(Server server, HttpConfiguration http) {
    SslContextFactory.Server context = new SslContextFactory.Server();
    context.setSslContext(tls.context());
    context.setIncludeProtocols("TLSv1.3");
    context.setWantClientAuth(true);
    context.setUseCipherSuitesOrder(false); // all of TLS 1.3 are good: each client takes its best
    context.setRenegotiationAllowed(false);
    HttpConfiguration secure = new HttpConfiguration(http);
    SecureRequestCustomizer customizer = new SecureRequestCustomizer();
    customizer.setSniHostCheck(false); // cameras go by the key, and people by any of its addresses
    secure.addCustomizer(customizer);
    HttpConnectionFactory plain = new HttpConnectionFactory(secure);
    ServerConnector connector =
        new ServerConnector(server, new SslConnectionFactory(context, plain.getProtocol()), plain);
    connector.setHost(host);
    connector.setPort(port);
    return connector;
  }

  /** What cameras pin. */
  byte[] pin() {
    return tls.pin();
  }

  /** Where cameras find it. */
  List<String> addresses(int boundPort) {
    return tls.addresses(host, boundPort);
  }

  /** A certificate for a camera's key. */
  X509Certificate certify(String camera, PublicKey key) throws IOException {
    return tls.certify(camera, key);
  }

  /** Ends a connection at once: nothing is said to a peer that may not listen. */
  static void end(EndPoint end) {
    if (end instanceof SslConnection.SslEndPoint inner) {
      inner.getSslConnection().getEndPoint().close();
    }
    end.close();
  }
}
