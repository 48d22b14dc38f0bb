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
/// The hub <c>/hubs/dispatch</c>: one stream of what the asker may see, plus the answers. Every command returns a
/// <see cref="Reply"/>; losing a race is a value. Rights are checked at every invocation and before every frame.
/// </summary>
public sealed class DispatchHub(LiveFeed feed, StaffCommands staff, AccountBook accounts, Presence presence, Drain drain) : Microsoft.AspNetCore.SignalR.Hub
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

    /// <summary>Frames, starting with a snapshot (0) or after a sequence number; see <see cref="FeedFrame"/>.</summary>
    public async IAsyncEnumerable<WireFrame> Watch(long afterSeq, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Asker is not { } who || !Access.May(who, FeedRights.Watch)) throw new HubException("forbidden");
        // A client that starts over cancels its stream and asks for another at once; the first may still be ending.
        while (Context.Items.TryGetValue(nameof(Watch), out var earlier) && earlier is Watching { IsCancelled: true } ending) await ending.Ended.Task;
        if (Context.Items.ContainsKey(nameof(Watch))) throw new HubException("already_watching");
        if (drain.IsOn) throw new HubException("draining");
        var watching = new Watching(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), ct);
        Context.Items[nameof(Watch)] = watching;
        using var here = who.Post is { } post ? presence.Enter(post.Id) : null;
        try
        {
            await foreach (var frame in feed.Watch(ViewerOf(who, accounts.Validity(Context.User, ActingPost)), afterSeq, ct)) yield return frame;
        }
        finally
        {
            Context.Items.Remove(nameof(Watch));
            watching.Ended.SetResult();
        }
    }

    private sealed record Watching(TaskCompletionSource Ended, CancellationToken Cancellation)
    {
        public bool IsCancelled => Cancellation.IsCancellationRequested;
    }

    public Task<Reply> Accept(string callNo) => GiveAsync(Verbs.Accept, who => staff.GiveAsync(Verbs.Accept, who, callNo));

    public Task<Reply> Arrive(string callNo) => GiveAsync(Verbs.Arrive, who => staff.GiveAsync(Verbs.Arrive, who, callNo));

    public Task<Reply> Resolve(string callNo, string report) => GiveAsync(Verbs.Resolve, callNo, new ResolveRequest(report));

    public Task<Reply> Acknowledge(string callNo, string answer) => GiveAsync(Verbs.Acknowledge, callNo, new AcknowledgeRequest(answer));

    public Task<Reply> Return(string callNo, string reason, string note) => GiveAsync(Verbs.Return, callNo, new ReturnRequest(reason, note));

    public Task<Reply> Verify(string callNo, bool passed, string note) => GiveAsync(Verbs.Verify, callNo, new VerifyRequest(passed, note));

    private Staff? Asker => accounts.Of(Context.User, ActingPost);

    /// <summary>Which of the account's posts this connection acts for.</summary>
    private string? ActingPost => Context.GetHttpContext()?.Request.Query[HubNames.PostQuery].FirstOrDefault();

    private Task<Reply> GiveAsync<T>(Verb<T> verb, string callNo, T request)
        where T : class => GiveAsync(verb, who => staff.GiveAsync(verb, who, callNo, request));

    private async Task<Reply> GiveAsync(Verb verb, Func<Staff, Task<Answered>> ask)
    {
        if (Asker is not { } who) return new Answered(Outcome.Of(Codes.Unauthenticated), null).AsReply();
        if (!Access.May(who, verb.Right)) return new Answered(Outcome.Of(verb == Verbs.Verify ? Codes.NotGridWorker : Codes.Forbidden), null).AsReply();
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

    /// <summary>Desks, leaders, auditors and the wall see the street; a community sees itself; a team member sees what rings or occupies the team.</summary>
    internal static Viewer ViewerOf(Staff who, Func<bool> stillValid) => who.Role switch
    {
        Role.Duty or Role.Leader or Role.Auditor or Role.Wall => new Viewer(Sight.Of(who).Eyes!, StaffSight.IsCalledOnDutyOnly(who.Role), who.Post?.Id, stillValid),
        Role.Community or Role.Member => new Viewer(who.Post!, StaffSight.IsCalledOnDutyOnly(who.Role), who.Post!.Id, stillValid),
        Role.Admin => throw new InvalidOperationException("Administrators do not watch."),
        _ => throw new ArgumentOutOfRangeException(nameof(who), who.Role, null),
    };
}
