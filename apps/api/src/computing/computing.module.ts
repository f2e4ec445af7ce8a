import { type DynamicModule, Module } from '@nestjs/common';
import { ComputingService } from './computing.service.js';
import { ComputingPlace } from './computing-place.js';

@Module({})
export class ComputingModule {
  static with(place: ComputingPlace): DynamicModule {
    return {
      module: ComputingModule,
      global: true,
      providers: [ComputingService, { provide: ComputingPlace, useValue: place }],
      exports: [ComputingService],
    };
  }
}
