using System.Buffers;
using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Register;
using DispatchCenter.Hub.Street;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Features.Reach;

/// <summary>One attempt to send a message, and its result.</summary>
/// <param name="Asked">Whether the channel was asked at all: what is left out for want of a number takes nothing from its rate.</param>
internal sealed record Attempt(OutboxRow Row, Verdict Verdict, bool Asked = true);

/// <summary>
/// Sends one message. At that moment it looks up who is on duty, the state of the case and the phone number, then composes and
/// sends the text. It follows no redirects, reads a bounded part of the response, honours the channel's time-out, and never connects to this
/// machine unless allowed.
/// </summary>
public sealed class Courier(Database database, Roster roster, PartyNumbers parties, NoticeText texts, PushCourier pushes, WeComApps apps, DispatchOptions options, TimeProvider time, ILogger<Courier> log) : IDisposable
{
    /// <summary>The maximum bytes of a response that are read.</summary>
    public const int AnswerLimit = 16 * 1024;

    /// <summary>Why a message was skipped: there is no number, or none that a text message can reach.</summary>
    private const string NoNumber = "no_number", NoText = "no_text";

    /// <summary>Why an attempt failed: its time was over.</summary>
    private const string TimedOut = "timeout";

    /// <summary>The numbers of one post that are tried for one that the channel can reach.</summary>
    private const int MostNumbers = 20;

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(Handler(options.LoopbackChannels)) { Timeout = Timeout.InfiniteTimeSpan };


    public void Dispose() => _http.Dispose();

    internal async Task<Attempt> TryAsync(OutboxRow row, Channel channel, Rules rules, CancellationToken ct)
    {
        try
        {
            if (channel.Endpoint is null) return new Attempt(row, new Verdict(Ending.Refused, "channel_unreadable"));
            var (message, why) = await MakeAsync(row, channel, rules, ct);
            if (message is null) return new Attempt(row, new Verdict(Ending.Skipped, why), Asked: false);
            // One limit for all requests of an attempt: the lease lasts that long, and a little longer.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(channel.Settings.TimeoutSeconds), TimeProvider.System); // network time, not the street's clock
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
            Task<Verdict> Exchange(Func<HttpRequestMessage> make, Func<HttpStatusCode, string, TimeSpan?, Verdict> read) => SendAsync(make, read, either.Token);
            Task<Verdict> Send(Func<HttpRequestMessage> make) => Exchange(make, (status, body, wait) => Formats.Read(channel.Settings, status, body, wait));
            return new Attempt(row, channel.Kind switch
            {
                ChannelKind.Push when message.Phones.Count > 0 => await pushes.SendAsync(channel, message, Send, ct),
                ChannelKind.WeComApp => await apps.SendAsync(channel, message, Exchange, either.Token),
                _ => await Send(() => Formats.Request(channel, message, time.GetUtcNow())),
            });
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Attempt(row, new Verdict(Ending.Failed, TimedOut));
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or FormatException)
        {
            HubLog.MessageFailed(log, row.Id, row.Channel, e);
            return new Attempt(row, new Verdict(Ending.Failed, "not_made"));
        }
    }

    private async Task<(Message? Message, string Why)> MakeAsync(OutboxRow row, Channel channel, Rules rules, CancellationToken ct)
    {
        await using var db = database.Context();
        var about = row.CallNo.Length == 0 ? null : await CaseQueries.SubjectAsync(db, Sight.OfTheEngine, row.CallNo, ct);
        if (row.UntilAccepted && about?.Waits is not true) return (null, "over");
        var audience = about is null ? null : AudienceText.Read(about.Audience);
        if (audience?.Recusal.Property is true && !channel.IsPersonal && channel.Settings.PropertyReads) return (null, "recused");
        string? phone = null, path = null;
        List<string> users = [];
        if (row.Address == Address.Caller)
        {
            phone = (await db.CallerAsync(row.CallNo, ct))?.Phone;
            if (phone is null) return (null, NoNumber);
        }
        else if (Address.PartyOf(row.Address) is { } respondent && row.Event != Outbox.Test && !CaseQueries.IsWhistle(row.CallNo))
        {
            var asked = new Respondent.OfParty(respondent);
            if (await CaseQueries.FindMatterAsync(database, Sight.OfTheEngine, row.CallNo, ct) is not { IsOpen: true } matter || matter.Visit?.Owed.Any(o => o.Key == row.Subject && o.Silent.Contains(asked)) is not true) return (null, "over");
            if (channel.IsPersonal && (phone = await parties.OfAsync(db, respondent, matter.Grid is { } grid ? RegisterMap.Of(grid) : matter.Community.Value.Length > 0 ? RegisterMap.Of(matter.Community) : Kinds.Street, ct)) is null) return (null, NoNumber);
            if (rules.Link is not null) path = MatterLinks.PathOf(await MatterLinks.CodeForMessageAsync(database, row.CallNo, row.Subject, asked, time.GetUtcNow(), ct));
        }
        else if (Address.PartyOf(row.Address) is { } party && row.Event != Outbox.Test)
        {
            if (channel.IsPersonal && (phone = await parties.OfAsync(db, party, new GridCode(row.Grid), ct)) is null) return (null, NoNumber);
            if (await CaseQueries.FindAsync(database, Sight.OfTheEngine, row.CallNo, ct) is not { IsOpen: true } call || call.Answers.FirstOrDefault(a => a.Key == row.Subject) is not { } asked) return (null, "over");
            if (!asked.IsOwed && row.Event is ("summoned" or "whistled" or "lapsed")) return (null, "over");
            if (asked.IsOwed && rules.Link is not null) path = PartyLinks.PathOf(await PartyLinks.CodeForMessageAsync(database, row.CallNo, asked.Key, time.GetUtcNow(), ct));
        }
        else if (Address.PostOf(row.Address) is { } id)
        {
            if (roster.FindPost(id) is not { } post || !roster.At(time.GetUtcNow()).Contains(post.Id)) return (null, "off_duty");
            if (!CaseQueries.MayKnow(audience, post)) return (null, "recused");
            if (channel.Kind == ChannelKind.Push) return await pushes.MakeAsync(db, row, about?.Due, ct);
            if (channel.Kind == ChannelKind.WeComApp)
                users = await db.Users.AsNoTracking().Where(u => u.PasswordHash != null && u.UserName != null && (u.Post == id || db.Set<AccountPostRow>().Any(h => h.Account == u.Id && h.Post == id))).Select(u => u.UserName!).Take(MostNumbers).ToListAsync(ct);
            var numbers = channel.Kind == ChannelKind.WeComApp ? [] : await db.Users.AsNoTracking().Where(u => u.Phone != null && (u.Post == id || db.Set<AccountPostRow>().Any(h => h.Account == u.Id && h.Post == id))).Select(u => u.Phone).Take(MostNumbers).ToListAsync(ct);
            phone = numbers.Select(db.DataKeys.Decrypt).OrderByDescending(channel.Reaches).FirstOrDefault();
            if (phone is null && users.Count == 0) return (null, NoNumber);
        }
        else if (channel.By == By.Robot && row.Event != Outbox.Test && !Outbox.PostsAt(row.Address, roster.At(time.GetUtcNow()), audience).Any())
        {
            return (null, "nobody_on_duty");
        }

        if (phone is not null && !channel.Reaches(phone)) return (null, NoText);
        var link = Address.PartyOf(row.Address) is not null ? (path is null ? string.Empty : new Uri(rules.Link!, path).AbsoluteUri)
            : LinkFor(row, rules, about is null ? null : db.DataKeys.Decrypt(about.Tracking));
        var reply = Address.PostOf(row.Address) is { } answers && GatewayAnswers.Asks(channel, row) ? NoticeText.Reply(row, channel.Kind, GatewayAnswers.CodeOf(db.DataKeys, row.CallNo, answers), rules) : string.Empty;
        return (new Message(row.Key, texts.Of(row, rules, channel.Kind == ChannelKind.WeComApp ? string.Empty : link) + reply)
        {
            Users = users, Title = NoticeText.Title(row, rules),
            Phone = phone is null ? null : Phones.OneForm(phone), Event = row.Event, At = row.CreatedAt, Seq = row.Seq, Version = row.Version, Address = row.Address, CallNo = row.CallNo, Level = row.Level, Category = row.Category, Grid = row.Grid, Link = link,
        }, string.Empty);
    }

    private string LinkFor(OutboxRow row, Rules rules, string? tracking)
    {
        if (rules.Link is not { } root) return string.Empty;
        var path = row.Address == Address.Caller ? $"{(CaseQueries.IsWhistle(row.CallNo) ? "t" : "f")}/{tracking}"
            : row.Event == Rules.Gap ? "roster"
            : Address.TeamOf(row.Address) is not null || (Address.PostOf(row.Address) is { } id && roster.FindPost(id)?.Team is not null) ? "m"
            : "desk";
        return new Uri(root, path).AbsoluteUri;
    }

    private async Task<Verdict> SendAsync(Func<HttpRequestMessage> make, Func<HttpStatusCode, string, TimeSpan?, Verdict> read, CancellationToken ct)
    {
        try
        {
            using var request = make();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            TimeSpan? wait = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
            return read(response.StatusCode, await ReadAsync(response, ct), wait);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException or SocketException)
        {
            return new Verdict(e.GetBaseException() is ForbiddenException ? Ending.Refused : Ending.Failed, e switch
            {
                _ when e.GetBaseException() is ForbiddenException => "address_forbidden",
                OperationCanceledException => TimedOut,
                _ => "connection",
            });
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(AnswerLimit);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            var read = await body.ReadAtLeastAsync(buffer.AsMemory(0, AnswerLimit), AnswerLimit, throwOnEndOfStream: false, ct);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static SocketsHttpHandler Handler(bool loopback) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = ConnectWithin,
        MaxResponseHeadersLength = 16, // KB
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
        ConnectCallback = async (context, ct) =>
        {
            // A host name may resolve to a different address than when the channel was added.
            var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
            var allowed = addresses.Where(a => loopback || !IsOfThisMachine(a)).ToArray();
            if (allowed.Length == 0) throw new ForbiddenException();
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static bool IsOfThisMachine(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
    }

    private sealed class ForbiddenException : Exception;
}
