package io.github.raspberryspy.sink.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** The key that the master shows; it can be changed between two handshakes. Thread-safe. */
final class ShownKey extends X509ExtendedKeyManager {

  /** By alias: a handshake asks for the key and the chain one after the other. */
  private final Map<String, ServerKey> keys = new ConcurrentHashMap<>();

  private volatile int generation; // of the key that is shown now

  ShownKey(ServerKey first) {
    keys.put(alias(0), first);
  }

  ServerKey now() {
    return keys.get(alias(generation));
  }

  synchronized void show(ServerKey key) {
    int next = generation + 1;
    keys.put(alias(next), key);
    generation = next;
    keys.remove(alias(next - 2)); // handshakes that began with the last one can end
  }

  private static String alias(int generation) {
    return Integer.toString(generation);
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    String current = alias(generation);
    ServerKey key = keys.get(current);
    return key != null && key.chain().get(0).getPublicKey().getAlgorithm().equals(type)
        ? current
        : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    ServerKey key = keys.get(alias);
    return key == null ? null : key.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    ServerKey key = keys.get(alias);
    return key == null ? null : key.key();
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return chooseEngineServerAlias(type, issuers, null);
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[] {alias(generation)};
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return null;
  }
}
