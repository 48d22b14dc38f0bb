using System.Runtime.CompilerServices;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Feed;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;
using Microsoft.AspNetCore.SignalR;

namespace DispatchCenter.Hub.Features.Whistles;

/// <summary>
/// The hub <c>/hubs/dispatch</c>: one stream that shows what the asker may see, and the answers. Every command returns a
/// <see cref="Reply"/>; losing a race is a value. Rights are asked at every invocation and before every frame.
/// </summary>
public sealed class DispatchHub(LiveFeed feed, StaffCommands desk, AccountBook accounts, Presence presence, Drain drain) : Microsoft.AspNetCore.SignalR.Hub
{
    public override Task OnConnectedAsync()
    {
        if (drain.Take(Context) is { } seat) Context.Items[typeof(Drain.Seat)] = seat;
        else Context.Abort();
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        drain.Leave(Context);
        return base.OnDisconnectedAsync(exception);
    }

    /// <summary>Frames from a snapshot (0) or after a sequence number; see <see cref="FeedFrame"/>.</summary>
    public async IAsyncEnumerable<WireFrame> Watch(long afterSeq, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Asker is not { } who || !Access.May(who, FeedRights.Watch)) throw new HubException("forbidden");
        if (Context.Items.ContainsKey(nameof(Watch))) throw new HubException("already_watching");
        if (drain.IsOn) throw new HubException("draining");
        Context.Items[nameof(Watch)] = true;
        using var here = who.Post is { } post ? presence.Enter(post.Id) : null;
        try
        {
            await foreach (var frame in feed.Watch(ViewerOf(who, accounts.Validity(Context.User, ActingPost)), afterSeq, ct)) yield return frame;
        }
        finally
        {
            Context.Items.Remove(nameof(Watch));
        }
    }

    public Task<Reply> Accept(string callNo) => AskAsync(WhistleRights.Answer, who => desk.AcceptAsync(who, callNo));

    public Task<Reply> Arrive(string callNo) => AskAsync(WhistleRights.Answer, who => desk.ArriveAsync(who, callNo));

    public Task<Reply> Resolve(string callNo, string report) => AskAsync(WhistleRights.Answer, who => desk.ResolveAsync(who, callNo, report));

    public Task<Reply> Acknowledge(string callNo, string answer) => AskAsync(WhistleRights.Answer, who => desk.AcknowledgeAsync(who, callNo, answer));

    public Task<Reply> Return(string callNo, string reason, string note) => AskAsync(WhistleRights.Answer, who => desk.ReturnAsync(who, callNo, reason, note));

    public Task<Reply> Verify(string callNo, bool passed, string note) => AskAsync(WhistleRights.Verify, who => desk.VerifyAsync(who, callNo, passed, note));

    private Staff? Asker => accounts.Of(Context.User, ActingPost);

    /// <summary>Which post of several this connection is for.</summary>
    private string? ActingPost => Context.GetHttpContext()?.Request.Query[HubNames.PostQuery].FirstOrDefault();

    private async Task<Reply> AskAsync(Right right, Func<Staff, Task<Answered>> ask)
    {
        if (Asker is not { } who) return new Answered(Outcome.Of(Codes.Unauthenticated), null).AsReply();
        if (!Access.May(who, right)) return new Answered(Outcome.Of(right == WhistleRights.Verify ? Codes.NotGridWorker : Codes.Forbidden), null).AsReply();
        if (Context.Items[typeof(Drain.Seat)] is not Drain.Seat seat || !seat.TryBegin()) return new Answered(Outcome.Of(Codes.Busy), null).AsReply();
        try
        {
            return (await ask(who)).AsReply();
        }
        finally
        {
            seat.End();
        }
    }

    /// <summary>Desks, leaders, auditors and the wall see the street; a community sees itself; a team member what rings or occupies the team.</summary>
    internal static Viewer ViewerOf(Staff who, Func<bool> stillValid) => who.Role switch
    {
        Role.Duty or Role.Leader or Role.Auditor or Role.Wall => new Viewer(Sight.Of(who).Eyes!, OnlyOnDuty: false, who.Post?.Id, stillValid),
        Role.Community or Role.Member => new Viewer(who.Post!, OnlyOnDuty: true, who.Post!.Id, stillValid),
        Role.Admin => throw new InvalidOperationException("Administrators do not watch."),
        _ => throw new ArgumentOutOfRangeException(nameof(who), who.Role, null),
    };
}
