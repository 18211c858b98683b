/**
 * What a service tells the service manager that started it: that it is ready, alive, stopping.
 * Without a service manager it tells nobody.
 */
package io.github.raspberryspy.natives.systemd;
