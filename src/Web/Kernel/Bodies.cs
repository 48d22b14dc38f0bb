using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Features.Whistles;
using DispatchCenter.Hub.Kernel;
using Microsoft.AspNetCore.Http.Features;

namespace DispatchCenter.Web.Kernel;

/// <summary>Reads request bodies: bounded, JSON only, every mistake a problem.</summary>
internal static class Bodies
{
    /// <summary>The maximum bytes of a body, except for photos.</summary>
    public const int Limit = 256 * 1024;

    /// <summary>The bytes of an oversized body that are still read before it is rejected.</summary>
    private const int DrainLimit = 4 * 1024 * 1024;

    public static async Task<Outcome<T>> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        var read = await ReadAsync(http, (JsonTypeInfo)type);
        return read.Value is T body ? body : read.As<T>();
    }

    public static async Task<Outcome<object>> ReadAsync(HttpContext http, JsonTypeInfo type)
    {
        if (http.Request.ContentLength > Limit)
        {
            await DrainAsync(http, DrainLimit);
            return Outcome.Of(Codes.BodyTooLarge).As<object>();
        }

        if (!http.Request.HasJsonContentType()) return Outcome.Of(Codes.UnsupportedMediaType).As<object>();
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, Storable.Json.GetTypeInfo(type.Type)!, http.RequestAborted) is { } body ? body : Outcome.Of(Codes.BadJson).As<object>();
        }
        catch (JsonException e)
        {
            return Outcome.Of(e is OffsetMissingException ? Codes.TimeOffsetMissing : Codes.BadJson).As<object>();
        }
        catch (BadHttpRequestException e)
        {
            return Outcome.Of(e.StatusCode == StatusCodes.Status413PayloadTooLarge ? Codes.BodyTooLarge : Codes.BadJson).As<object>();
        }
    }

    /// <summary>Reads and discards a little past the limit: a client that is still sending when the connection closes would lose the response.</summary>
    internal static async Task DrainAsync(HttpContext http, int most)
    {
        if (http.Request.ContentLength > most || http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } size) return;
        size.MaxRequestBodySize = most;
        try
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone or too slow; only the response is left to send.
        }
    }

    /// <summary>The key, and from <c>Tapped-Ago</c> how many seconds ago an offline phone was tapped: a duration, so a wrong clock does not matter.</summary>
    public static Tap Tap(this HttpContext http) => new(
        http.IdempotencyKey(),
        int.TryParse(http.Request.Headers["Tapped-Ago"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null);

    public static string? IdempotencyKey(this HttpContext http) =>
        http.Request.Headers.TryGetValue("Idempotency-Key", out var key) ? key.ToString() : null;
}
