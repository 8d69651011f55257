package io.gmil.kafka;

/**
 * A second way to a local broker, which leads its clients through a proxy: what they are told of the broker is the address of
 * the proxy.
 *
 * @param port where the broker listens for the proxy
 * @param proxyPort where clients find the proxy
 */
public record ProxiedListener(int port, int proxyPort) {}
