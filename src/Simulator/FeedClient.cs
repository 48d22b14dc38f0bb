using System.Net.WebSockets;
using System.Text.Json;
using DispatchCenter.Contracts;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DispatchCenter.Simulator;

/// <summary>
/// One hub connection: watches the feed into a <see cref="ScreenLog"/>, resumes a broken stream where the screen is, and
/// sends commands on the same connection.
/// </summary>
internal sealed class FeedClient : IAsyncDisposable
{
    private static readonly TimeSpan _commandTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);

    private static readonly JsonHubProtocol _protocol = new(Options.Create(new JsonHubProtocolOptions
    {
        PayloadSerializerOptions = new JsonSerializerOptions(ContractsJson.Default.Options),
    }));

    private readonly HubConnection _hub;
    private readonly Targets _targets;
    private readonly Session _session;
    private Uri _target;
    private readonly ScreenLog _screen;
    private readonly Action<FeedFrame>? _onFrame;

    /// <param name="onFrame">Called from the reading loop after the screen has processed the frame.</param>
    public FeedClient(Targets targets, Session session, ScreenLog screen, Action<FeedFrame>? onFrame = null)
    {
        (_targets, _session, _target, _screen, _onFrame) = (targets, session, targets.Pick(), screen, onFrame);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(_target, HubNames.Path), connection =>
        {
            (connection.Transports, connection.SkipNegotiation) = (HttpTransportType.WebSockets, true);
            connection.WebSocketFactory = ConnectAsync;
        });
        builder.Services.AddSingleton<IHubProtocol>(_protocol);
        _hub = builder.Build();
    }

    /// <summary>Why the stream last broke; null if it never did.</summary>
    public string? LastError { get; private set; }

    /// <summary>Runs until stopped; never throws.</summary>
    public async Task Watch(CancellationToken stop)
    {
        for (var failures = 0; !stop.IsCancellationRequested;)
        {
            var before = _screen.Frames;
            // Leaving the loop does not end the stream at the hub, and a connection has one: it is cancelled.
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            try
            {
                if (_hub.State == HubConnectionState.Disconnected) await _hub.StartAsync(stop);
                await foreach (var frame in _hub.StreamAsync<FeedFrame>(HubNames.Watch, _screen.Through, ended.Token))
                {
                    var sameDatabase = _screen.Take(frame, TimeProvider.System.GetTimestamp());
                    _onFrame?.Invoke(frame);
                    if (sameDatabase) continue;
                    await ended.CancelAsync();
                    break;
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                LastError = e.Message;
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }

            if (stop.IsCancellationRequested) return;
            _screen.Lose(TimeProvider.System.GetTimestamp());
            _targets.Failed(_target);
            failures = _screen.Frames > before ? 0 : failures + 1;
            await Backoff.Wait(failures, stop);
        }
    }

    /// <returns>Null if the connection broke before the response: the command's outcome is unknown.</returns>
    public async Task<Reply?> Command(string name, object?[] arguments, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_commandTimeout);
        try
        {
            return await _hub.InvokeCoreAsync<Reply>(name, arguments, limit.Token);
        }
        catch (HubException e)
        {
            LastError = e.Message;
            return new Reply { Ok = false, Code = Codes.Internal, Message = e.Message, MessageEn = e.Message };
        }
        catch (Exception e) when (!stop.IsCancellationRequested && BrokeOff(e))
        {
            LastError = e.Message;
            return null;
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    /// <summary>Each connection chooses a node again, because the previous one may be gone.</summary>
    private async ValueTask<WebSocket> ConnectAsync(WebSocketConnectionContext context, CancellationToken ct)
    {
        _target = _targets.Pick();
        var address = new UriBuilder(new Uri(_target, HubNames.Path)) { Scheme = _target.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs }.Uri;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_connectTimeout);
        var socket = new ClientWebSocket { Options = { Proxy = null } };
        try
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {await _session.Token(limit.Token)}");
            await socket.ConnectAsync(address, limit.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool BrokeOff(Exception e) =>
        e is IOException or WebSocketException or InvalidOperationException or OperationCanceledException or TimeoutException; // the last is a silent server
}
