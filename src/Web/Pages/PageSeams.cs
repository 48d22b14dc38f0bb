// Placeholders for what the engine provides, so that the pages compile before it does. Delete this file once src/Hub has them.
#pragma warning disable CA1822, IDE0060
using DispatchCenter.Contracts;

namespace DispatchCenter.Hub;

public record Outcome(bool Ok, string Code, string Message, string MessageEn, int Status);

public sealed record Outcome<T>(bool Ok, string Code, string Message, string MessageEn, int Status, T? Value)
    : Outcome(Ok, Code, Message, MessageEn, Status);

public class CallerDesk
{
    public virtual Task<Outcome<WhistleReceipt>> BlowAsync(WhistleRequest request, string? idempotencyKey, CancellationToken ct) => throw new NotSupportedException();

    public virtual Task<TrackedCall?> TrackAsync(string code, CancellationToken ct) => throw new NotSupportedException();

    public virtual Task<Outcome> EvaluateAsync(string code, EvaluationRequest r, CancellationToken ct) => throw new NotSupportedException();

    public virtual Task<Outcome> NoteAsync(string code, string note, CancellationToken ct) => throw new NotSupportedException();

    public virtual Task<Outcome> WithdrawAsync(string code, CancellationToken ct) => throw new NotSupportedException();
}

public class StreetBook
{
    public virtual StreetView View => throw new NotSupportedException();
}

public sealed record DemoMode(bool On, string Password);

public class SignInService
{
    public virtual Task<Outcome> SignInAsync(string user, string password) => throw new NotSupportedException();

    public virtual Task SignOutAsync() => throw new NotSupportedException();
}
