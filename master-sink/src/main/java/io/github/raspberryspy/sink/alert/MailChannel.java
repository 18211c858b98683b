package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.sink.alert.AlertPicture.Picture;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Date;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes alerts by e-mail, with a picture where there is one. */
final class MailChannel implements Channel {

  static final String NAME = "mail";

  private static final Logger log = LoggerFactory.getLogger(MailChannel.class);
  private static final String PICTURE = "picture@raspberryspy";

  private final MailConfig config;
  private final Optional<URI> link;
  private final ZoneId zone;
  private final AlertPicture pictures;
  private final Session session;

  MailChannel(MailConfig config, ZoneId zone, AlertPicture pictures, Outgoing way) {
    this.config = config;
    this.link = way.link();
    this.zone = zone;
    this.pictures = pictures;
    this.session = Session.getInstance(properties(config, way));
  }

  private static Properties properties(MailConfig config, Outgoing way) {
    String scheme = "mail." + config.url().getScheme() + ".";
    String millis = Long.toString(way.patience().toMillis());
    Properties properties = new Properties();
    properties.put(scheme + "connectiontimeout", millis);
    properties.put(scheme + "timeout", millis);
    properties.put(scheme + "writetimeout", millis);
    properties.put(scheme + "ssl.checkserveridentity", "true");
    properties.put(scheme + "ssl.socketFactory", way.trust().context().getSocketFactory());
    properties.put(scheme + "ssl.protocols", "TLSv1.2 TLSv1.3");
    properties.put(scheme + "socketFactory.fallback", "false"); // to what Java alone believes
    properties.put(scheme + "starttls.enable", Boolean.toString(config.requiresTls()));
    properties.put(scheme + "starttls.required", Boolean.toString(config.requiresTls()));
    return properties;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String send(Alert alert) throws IOException {
    try (Transport transport = session.getTransport(config.url().getScheme())) {
      MimeMessage message = message(alert);
      transport.connect(
          config.url().getHost(),
          config.port(),
          config.login().map(Login::user).orElse(null),
          config.login().map(Login::password).orElse(null));
      transport.sendMessage(message, message.getAllRecipients());
      return "the server took the mail";
    } catch (MessagingException e) {
      throw new IOException(reason(e), e);
    }
  }

  private String reason(MessagingException e) {
    return Failing.reach(e, config.url(), config.port())
        .orElseGet(() -> "the mail server did not take it: " + Failing.deepest(e));
  }

  private MimeMessage message(Alert alert) throws MessagingException {
    MimeMessage message = new Identified(session, "<" + alert.id() + "@raspberryspy>");
    message.setFrom(new InternetAddress(config.from()));
    for (String to : config.to()) {
      message.addRecipient(RecipientType.TO, new InternetAddress(to));
    }
    message.setSubject(alert.title(), UTF_8.name());
    message.setSentDate(Date.from(alert.at()));
    message.setHeader("Auto-Submitted", "auto-generated");
    message.setHeader("X-RaspberrySpy-Id", alert.id());
    Optional<Picture> picture = picture(alert);
    if (picture.isEmpty()) {
      message.setText(text(alert), UTF_8.name());
    } else {
      message.setContent(withPicture(alert, picture.get()));
    }
    message.saveChanges();
    return message;
  }

  /** None where anything is wrong with it: the words are what counts. */
  private Optional<Picture> picture(Alert alert) {
    try {
      return pictures.of(alert);
    } catch (RuntimeException e) {
      log.warn("a mail goes without a picture", e);
      return Optional.empty();
    }
  }

  /** For programs that show pictures within the words, and as words alone for the others. */
  private MimeMultipart withPicture(Alert alert, Picture picture) throws MessagingException {
    MimeBodyPart words = new MimeBodyPart();
    words.setText(text(alert), UTF_8.name());
    MimeBodyPart page = new MimeBodyPart();
    page.setText(html(alert, picture), UTF_8.name(), "html");
    byte[] bytes = new byte[picture.jpeg().remaining()];
    picture.jpeg().duplicate().get(bytes);
    MimeBodyPart jpeg = new MimeBodyPart();
    jpeg.setDataHandler(new DataHandler(new ByteArrayDataSource(bytes, "image/jpeg")));
    jpeg.setFileName("picture.jpg");
    jpeg.setDisposition(MimeBodyPart.INLINE);
    jpeg.setContentID("<" + PICTURE + ">");
    MimeMultipart related = new MimeMultipart("related", page, jpeg);
    MimeBodyPart rich = new MimeBodyPart();
    rich.setContent(related);
    return new MimeMultipart("alternative", words, rich);
  }

  private String text(Alert alert) {
    return alert.message()
        + "\n\n"
        + when(alert.at())
        + "\n"
        + link.map(page -> alert.on(page) + "\n").orElse("");
  }

  private String html(Alert alert, Picture picture) {
    String address = link.map(page -> escape(alert.on(page).toString())).orElse("");
    String image = "<img src=\"cid:" + PICTURE + "\" alt=\"\" style=\"max-width:100%\">";
    return "<p>"
        + escape(alert.message())
        + "</p>\n<p>"
        + (address.isEmpty() ? image : "<a href=\"" + address + "\">" + image + "</a>")
        + "<br>Filmed "
        + escape(when(picture.at()))
        + "</p>\n<p>"
        + escape(when(alert.at()))
        + (address.isEmpty() ? "" : "<br><a href=\"" + address + "\">" + address + "</a>")
        + "</p>\n";
  }

  private String when(Instant moment) {
    String time =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM)
            .withLocale(Locale.UK)
            .format(moment.atZone(zone));
    return time + " (" + zone + ")";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Keeps its Message-ID, by which a mail server tells one that comes twice. */
  private static final class Identified extends MimeMessage {
    private final String id;

    Identified(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  @Override
  public void close() {
    // each mail has a connection of its own
  }
}
