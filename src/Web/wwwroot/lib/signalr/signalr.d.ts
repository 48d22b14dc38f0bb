export * from '@microsoft/signalr';
