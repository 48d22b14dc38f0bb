using System.Globalization;
using System.Net.Http.Headers;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>Pushes one message to all phones of a person: Web Push (RFC 8030). What a phone gets is the number and the level, and no push service can read it.</summary>
public sealed class PushCourier(PushPhones phones, PushSender sender, TimeProvider time)
{
    /// <summary>The shortest and the longest time that a message waits for a phone that is off, and that of one without a clock.</summary>
    internal static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromHours(12), Usual = TimeSpan.FromMinutes(15);

    private const string NoPhone = "no_push";

    /// <param name="due">When the case moves on by itself: after that the message is old.</param>
    internal async Task<(Message? Message, string Why)> MakeAsync(DispatchDb db, OutboxRow row, DateTimeOffset? due, CancellationToken ct)
    {
        var to = await phones.OfAsync(db, Address.PostOf(row.Address)!, ct);
        if (to.Count == 0) return (null, NoPhone);
        var left = due is { } at ? at - time.GetUtcNow() : Usual;
        return (new Message(row.Key, string.Empty) { Event = row.Event, CallNo = row.CallNo, Level = row.Level, Calls = row.Event == Outbox.Digest ? Outbox.ReadCounts(row.Detail).Values.Sum() : null, Phones = to, Life = left < Shortest ? Shortest : left > Longest ? Longest : left }, string.Empty);
    }

    /// <summary>Delivered if one phone's service has taken it; a phone that its service no longer knows is forgotten.</summary>
    internal async Task<Verdict> SendAsync(Channel channel, Message message, Func<Func<HttpRequestMessage>, Task<Verdict>> send, CancellationToken ct)
    {
        var results = await Task.WhenAll(message.Phones.Select(async phone => (Phone: phone, Verdict: await send(() => Request(channel, message, phone)))));
        var gone = results.Where(r => r.Verdict.Why is Formats.NotFound or Formats.Gone).Select(r => r.Phone.Session).ToList();
        if (gone.Count > 0) await phones.ForgetAsync(gone, ct);
        List<Verdict> left = [.. results.Select(r => r.Verdict).Where(v => v.Why is not (Formats.NotFound or Formats.Gone)).OrderBy(v => v.Ending)];
        return left.Count > 0 ? left[0] : new Verdict(Ending.Skipped, NoPhone);
    }

    private HttpRequestMessage Request(Channel channel, Message message, PushPhone phone)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, phone.Endpoint) { Content = new ByteArrayContent(PushCipher.Encrypt(phone.Keys, PushSender.Body(message.CallNo, message.Level, message.Calls))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add(PushCipher.Coding);
        request.Headers.TryAddWithoutValidation("TTL", ((long)message.Life.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Topic", sender.Topic(message.CallNo));
        request.Headers.TryAddWithoutValidation("Urgency", message.Level == nameof(Domain.Sla.Level.S1) || message.Event == Rules.CalledOut ? "high" : "normal");
        request.Headers.TryAddWithoutValidation("Authorization", sender.Proof(phone.Endpoint, channel.Endpoint!, time.GetUtcNow()));
        return request;
    }
}
